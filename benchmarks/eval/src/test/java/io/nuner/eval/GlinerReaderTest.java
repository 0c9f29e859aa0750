package io.nuner.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GlinerReaderTest {
    private static final String ADA = "{\"tokenized_text\": [\"Ada\", \"wrote\"], \"ner\": [[0, 0, \"person\"]]}";
    private static final Sentence ADA_IN_AN_ARRAY = ada("f, entry 1,");

    @Test
    void readsAnArray() throws DataException {
        List<Sentence> sentences = read("[" + ADA + ",\n" + ADA + "]\n");

        assertThat(sentences).containsExactly(ADA_IN_AN_ARRAY, ada("f, entry 2,"));
    }

    @Test
    void readsLines() throws DataException {
        assertThat(read(ADA + "\n\n" + ADA + "\n")).containsExactly(ada("f:1"), ada("f:3"));
    }

    @Test
    void readsNestedEntitiesAndLeavesOtherFieldsAlone() throws DataException {
        DataFile file = DataFile.read(Path.of("src/test/resources/eval/gliner.json"));

        List<Sentence> sentences = DataFormat.AUTO.read(file, Columns.DEFAULT);

        assertThat(sentences).hasSize(2);
        assertThat(sentences.get(0).entities())
                .containsExactly(
                        new TokenSpan(0, 2, "Person"),
                        new TokenSpan(5, 9, "organization"),
                        new TokenSpan(8, 9, "city"));
        assertThat(sentences.get(1).entities()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[0, 0]",
                "[0, 2, \"person\"]",
                "[1, 0, \"person\"]",
                "[-1, 0, \"person\"]",
                "[0.5, 1, \"person\"]",
                "[0, 1e999, \"person\"]",
                "[\"0\", 0, \"person\"]",
                "[0, 0, \" \"]",
                "[0, 0, 7]",
                "null"
            })
    void anEntityThatIsNoneIsNamed(String entity) {
        String line = "{\"tokenized_text\": [\"Ada\", \"wrote\"], \"ner\": [[0, 0, \"person\"], " + entity + "]}";

        assertThatThrownBy(() -> read(ADA + "\n" + line))
                .isInstanceOf(DataException.class)
                .hasMessage("f:2 ner[1] must be [start, end, type] with 0 <= start <= end < 2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "7",
                "{}",
                "{\"tokenized_text\": \"Ada\", \"ner\": []}",
                "{\"tokenized_text\": [\"Ada\"]}",
                "{\"tokenized_text\": [\"\"], \"ner\": []}",
                "{\"tokenized_text\": [null], \"ner\": []}",
                "{'tokenized_text': [], 'ner': []}",
                "{\"tokenized_text\": [\"Ada\""
            })
    void aBadEntryIsNamed(String entry) {
        assertThatThrownBy(() -> read("[" + ADA + ", " + entry + "]"))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith("f, entry 2, ")
                .hasMessageNotContaining("Ada");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "{} {}", "nonsense"})
    void aBadLineIsNamed(String line) {
        assertThatThrownBy(() -> read(ADA + "\n" + line))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith("f:2 ");
    }

    @Test
    void whatFollowsTheArrayIsRefused() {
        assertThatThrownBy(() -> read("[" + ADA + "] " + ADA)).isInstanceOf(DataException.class);
    }

    private static Sentence ada(String place) {
        return new Sentence(List.of("Ada", "wrote"), List.of(new TokenSpan(0, 1, "person")), place);
    }

    private static List<Sentence> read(String content) throws DataException {
        return GlinerReader.read("f", content);
    }
}
