package io.nuner.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nuner.eval.Labelled.Span;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LabelMapTest {
    @Test
    void aTypeThatIsNotMentionedIsAskedForByItsName() {
        LabelMap map = LabelMap.of(Map.of());

        assertThat(map.label("PER")).contains("per");
        assertThat(map.label("Creative-Work_of art")).contains("creative work of art");
    }

    @Test
    void labelsAreInLowerCase() {
        assertThat(LabelMap.of(Map.of("PER", " Person ")).label("PER")).contains("person");
    }

    @Test
    void anEmptyLabelLeavesTheTypeOut() {
        assertThat(LabelMap.of(Map.of("MISC", "")).label("MISC")).isEmpty();
    }

    @Test
    void tellsWhichTypesTheFileLacks() {
        LabelMap map = LabelMap.of(Map.of("PER", "person", "PRE", "person", "ORG", ""));

        assertThat(map.typesBesides(Set.of("PER", "LOC"))).containsExactly("ORG", "PRE");
    }

    @Test
    void readsLines() throws DataException {
        assertThat(read("# CrossNER\n\nprogramlang = programming language\nmisc=\nA=B=C\n"))
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("programlang", "programming language", "misc", "", "A", "B=C"));
    }

    @Test
    void readsJson() throws DataException {
        assertThat(read("{\"PER\": \"person\", \"MISC\": null, \"X\": \"\"}"))
                .containsExactlyInAnyOrderEntriesOf(Map.of("PER", "person", "MISC", "", "X", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a=b\nsecret", "a=b\n=secret"})
    void aBadLineIsNamed(String content) {
        assertThatThrownBy(() -> read(content)).hasMessage("f:2 must be TYPE=label");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "{\"PER\": 7}", "{\"PER\": [\"person\"]}"})
    void badJsonIsRefused(String content) {
        assertThatThrownBy(() -> read(content))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith("f ");
    }

    @Test
    void typesOfOneLabelAreOneType() {
        Sentence sentence = new Sentence(
                List.of("Ada", "Bob", "Eve"),
                List.of(new TokenSpan(0, 1, "PER"), new TokenSpan(1, 2, "person"), new TokenSpan(2, 3, "MISC")),
                "f:1");

        TestSet set = TestSet.of(List.of(sentence), LabelMap.of(Map.of("PER", "person", "MISC", "")));

        assertThat(set.labels()).containsExactly("person");
        assertThat(set.types()).containsExactly(Map.entry("person", List.of("PER", "person")));
        assertThat(set.leftOut()).containsExactly("MISC");
        assertThat(set.texts().get(0).entities())
                .containsExactlyInAnyOrder(new Span(0, 3, "person"), new Span(4, 7, "person"));
    }

    @Test
    void aPartOfTheTextsIsAskedForTheLabelsOfAll() {
        Sentence first = new Sentence(List.of("Ada"), List.of(new TokenSpan(0, 1, "PER")), "f:1");
        Sentence second = new Sentence(List.of("Paris"), List.of(new TokenSpan(0, 1, "LOC")), "f:3");

        TestSet set = TestSet.of(List.of(first, second), LabelMap.of(Map.of())).first(1);

        assertThat(set.texts()).hasSize(1);
        assertThat(set.labels()).containsExactly("loc", "per");
    }

    @Test
    void theMapOfTheDocumentationSeparatesWords() throws DataException {
        Map<String, String> map = LabelMapFile.read(DataFile.read(Path.of("../../docs/evaluation/crossner.map")));

        assertThat(map).hasSize(10).containsEntry("programlang", "programming language");
    }

    private static Map<String, String> read(String content) throws DataException {
        return LabelMapFile.read(new DataFile("f", content, ""));
    }
}
