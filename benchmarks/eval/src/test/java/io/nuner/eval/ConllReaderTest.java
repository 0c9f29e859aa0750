package io.nuner.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConllReaderTest {
    private static final Path EXCERPTS = Path.of("src/test/resources/eval");

    @Test
    void blankLinesEndSentences() throws DataException {
        List<Sentence> sentences = read("Ada B-PER\nwrote O\n\n\nParis B-LOC\n");

        assertThat(sentences)
                .containsExactly(
                        new Sentence(List.of("Ada", "wrote"), List.of(new TokenSpan(0, 1, "PER")), "f:1"),
                        new Sentence(List.of("Paris"), List.of(new TokenSpan(0, 1, "LOC")), "f:5"));
    }

    @ParameterizedTest
    @CsvSource({"'Ada\tB-PER'", "'Ada  B-PER'", "'Ada NNP _ B-PER'", "'Ada\t\tB-PER\r'", "'Ada \tB-PER'"})
    void tabsOrBlanksSeparateColumns(String line) throws DataException {
        assertThat(read(line))
                .containsExactly(new Sentence(List.of("Ada"), List.of(new TokenSpan(0, 1, "PER")), "f:1"));
    }

    @Test
    void aTokenMayHoldABlankBetweenTabs() throws DataException {
        assertThat(read("New York\tB-LOC").get(0).tokens()).containsExactly("New York");
    }

    @Test
    void otherColumnsMayHoldTokenAndTag() throws DataException {
        List<Sentence> sentences = ConllReader.read("f", "1\tAda\tB-PER\tO\n", new Columns(2, 3));

        assertThat(sentences).containsExactly(new Sentence(List.of("Ada"), List.of(new TokenSpan(0, 1, "PER")), "f:1"));
    }

    @Test
    void documentMarksAndCommentsAreLeftOut() throws DataException {
        List<Sentence> sentences = read("# text = Ada O\n-DOCSTART- -X- O\nAda B-PER\n#id 7\nwrote O\n");

        assertThat(sentences).hasSize(1);
        assertThat(sentences.get(0).tokens()).containsExactly("Ada", "wrote");
    }

    @Test
    void theCharacterOfCommentsMayBeAToken() throws DataException {
        assertThat(read("# O\n2 O\n#Paris B-LOC\n").get(0).tokens()).containsExactly("#", "2", "#Paris");
    }

    @Test
    void aTokenThatGotLostOutsideOfEntitiesIsLeftOut() throws DataException {
        assertThat(read("Ada B-PER\n\tO\nwrote O\n").get(0).tokens()).containsExactly("Ada", "wrote");
    }

    @ParameterizedTest
    @CsvSource({
        "'Ada O\n\nParis', f:3 has no tag",
        "'Ada O\nParis PLACE', f:2 has no tag",
        "'Ada O\n\tB-PER', f:2 has a tag of an entity but no token"
    })
    void aBadLineIsNamed(String content, String message) {
        assertThatThrownBy(() -> read(content))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(message)
                .hasMessageNotContaining("PLACE");
    }

    @Test
    void readsCrossNer() throws DataException {
        List<Sentence> sentences = excerpt("crossner-ai.txt");

        assertThat(sentences).hasSize(3);
        assertThat(sentences.get(0).entities())
                .containsExactly(
                        new TokenSpan(5, 8, "algorithm"),
                        new TokenSpan(10, 13, "algorithm"),
                        new TokenSpan(15, 17, "algorithm"));
        assertThat(sentences.get(1).entities()).extracting(TokenSpan::type).containsOnly("conference");
    }

    @Test
    void readsWikiGold() throws DataException {
        List<Sentence> sentences = excerpt("wikigold.txt");

        assertThat(sentences).hasSize(3);
        assertThat(sentences.get(0).entities())
                .containsExactly(
                        new TokenSpan(0, 1, "MISC"), new TokenSpan(6, 7, "MISC"), new TokenSpan(10, 14, "ORG"));
        assertThat(sentences.get(1).tokens()).startsWith("He", "has", "finished", "#", "2");
        assertThat(sentences.get(2).entities()).containsExactly(new TokenSpan(0, 1, "PER"), new TokenSpan(5, 8, "ORG"));
    }

    private static List<Sentence> excerpt(String name) throws DataException {
        DataFile file = DataFile.read(EXCERPTS.resolve(name));
        return DataFormat.AUTO.read(file, Columns.DEFAULT);
    }

    private static List<Sentence> read(String content) throws DataException {
        return ConllReader.read("f", content, Columns.DEFAULT);
    }
}
