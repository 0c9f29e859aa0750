package io.nuner.model.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nuner.engine.TokenRow;
import io.nuner.model.ModelException;
import io.nuner.model.encode.LabelRules.LabelProblem;
import io.nuner.model.testing.FixtureCase;
import io.nuner.model.testing.Fixtures;
import io.nuner.model.testing.WeightsFormat;
import io.nuner.model.text.WordSplitter;
import io.nuner.model.text.Words;
import io.nuner.model.window.LabelGroups;
import io.nuner.model.window.TextWindows;
import io.nuner.model.window.Window;
import io.nuner.model.window.WindowLimits;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RequestEncoderTest {
    /** The vocabulary of NuNER Zero. */
    private static SubwordTokenizer nuner;

    @TempDir
    private Path directory;

    @BeforeAll
    static void openTheVocabularyOfNunerZero(@TempDir Path shared) throws ModelException {
        nuner = open(Fixtures.REAL_VOCAB, shared);
    }

    @AfterAll
    static void close() {
        nuner.close();
    }

    @ParameterizedTest
    @EnumSource
    void rowsEqualTheReference(Fixtures fixture) throws ModelException {
        try (SubwordTokenizer tokenizer = open(fixture, directory)) {
            RequestEncoder encoder = new RequestEncoder(tokenizer);
            for (FixtureCase expected : fixture.cases()) {
                if (!expected.isBlank()) {
                    EncodedRequest request = encode(encoder, expected);
                    assertSameRow(expected, request);
                    assertThat(asOneWindow(encoder, request.words(), expected)).isEqualTo(request);
                }
            }
        }
    }

    @Test
    void aWordTheNormaliserEmptiesHasNoTokenAndMovesNoOther() throws ModelException {
        TokenRow row = new RequestEncoder(nuner)
                .encode(WordSplitter.split("James \u0001 Bond"), List.of("vehicle"))
                .row();

        assertThat(row.wordToken(1)).isEqualTo(TokenRow.NO_TOKEN);
        assertThat(row.tokenId(row.wordToken(0))).isEqualTo(1749);
        assertThat(row.tokenId(row.wordToken(2))).isEqualTo(8728);
    }

    /** Ids that the tests of gline-rs hold for this vocabulary. */
    @Test
    void theVocabularyOfNunerZeroGivesThePublishedIds() throws ModelException {
        EncodedRequest request = new RequestEncoder(nuner)
                .encode(WordSplitter.split("My name is James Bond"), List.of("movie character", "vehicle"));

        assertThat(ids(request.row()))
                .containsExactly(1, 128002, 1421, 1470, 128002, 1508, 128003, 573, 601, 269, 1749, 8728, 2);
        assertThat(request.promptTokens()).isEqualTo(7);
        assertThat(request.textTokens()).isEqualTo(6);
    }

    @Test
    void aLabelThatSpellsATokenIsRefusedWithoutBeingQuoted() throws ModelException {
        RequestEncoder encoder = new RequestEncoder(nuner);
        Words words = WordSplitter.split("x");

        assertThatThrownBy(() -> encoder.encode(words, List.of("person", "a <<ENT>> b")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("labels[1] spells a token of the model");
        assertThatThrownBy(() -> encoder.encode(words, List.of("\uff3bSEP\uff3d\u0001")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** Whatever the spelling, the model must be able to tell labels apart. */
    @ParameterizedTest
    @CsvSource({
        "movie character, 'movie  character', true",
        "movie character, 'movie\u00a0character', true",
        "movie character, '\ufb01lm character', false",
        "film, '\ufb01lm', true",
        "\u00e9vent, 'e\u0301vent', true",
        "person, persons, false",
        "ab, 'a b', false"
    })
    void labelsOfTheSameTokensAreAProblem(String label, String other, boolean same) throws ModelException {
        Prompt prompt = new RequestEncoder(nuner).prompt(List.of("vehicle", label, other));

        assertThat(prompt.problem().map(LabelProblem::index)).isEqualTo(same ? Optional.of(2) : Optional.empty());
        assertThat(prompt.problem().map(problem -> problem.fault("labels")))
                .isEqualTo(same ? Optional.of("gives the model the same tokens as labels[1]") : Optional.empty());
    }

    @Test
    void aLabelWithoutATokenIsAProblem() throws ModelException {
        assertThat(new RequestEncoder(nuner)
                        .prompt(List.of("vehicle", "\u0001"))
                        .problem())
                .contains(LabelProblem.of(1, "gives the model no token"));
    }

    @Test
    void aRowNeedsAWordAndALabel() throws ModelException {
        try (SubwordTokenizer tokenizer = open(Fixtures.MARKER_W1, directory)) {
            RequestEncoder encoder = new RequestEncoder(tokenizer);

            assertThatThrownBy(() -> encoder.encode(WordSplitter.split(" "), List.of("person")))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> encoder.encode(WordSplitter.split("x"), List.of()))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static SubwordTokenizer open(Fixtures fixture, Path directory) throws ModelException {
        Path tokenizerJson = directory.resolve("tokenizer.json");
        TokenizerFile.prepare(fixture.checkpoint(directory, WeightsFormat.SAFETENSORS), tokenizerJson);
        return SubwordTokenizer.open(tokenizerJson);
    }

    private static EncodedRequest encode(RequestEncoder encoder, FixtureCase fixture) {
        return encoder.encode(WordSplitter.split(fixture.text()).first(fixture.usedWords()), fixture.labels());
    }

    private static EncodedRequest asOneWindow(RequestEncoder encoder, Words words, FixtureCase fixture) {
        LabelGroups labels = LabelGroups.whole(encoder.prompt(fixture.labels()));
        TextWindows windows = new TextWindows(words, labels, encoder, new WindowLimits(10_000, 100_000, 48), 12);
        Window window = windows.next();
        assertThat(window.last()).isTrue();
        return window.rows().get(0);
    }

    private static void assertSameRow(FixtureCase expected, EncodedRequest request) {
        TokenRow row = request.row();
        assertThat(ids(row)).as(expected.toString()).isEqualTo(expected.inputIds());
        assertThat(row.labelCount()).isEqualTo(expected.labels().size());
        assertThat(row.wordCount()).isEqualTo(expected.usedWords());
        if (!expected.firstSubtoken().isEmpty()) {
            List<Integer> words = IntStream.range(0, row.wordCount())
                    .map(row::wordToken)
                    .boxed()
                    .toList();
            List<Integer> labels = IntStream.range(0, row.labelCount())
                    .map(row::labelToken)
                    .boxed()
                    .toList();
            assertThat(words).as(expected.toString()).isEqualTo(expected.wordTokens());
            assertThat(labels).as(expected.toString()).isEqualTo(markers(expected));
        }
    }

    /** Every second prompt word is a label's marker; the last is the end of the prompt. */
    private static List<Integer> markers(FixtureCase fixture) {
        return IntStream.range(0, fixture.labels().size())
                .mapToObj(label -> fixture.firstSubtoken().get(2 * label))
                .toList();
    }

    private static List<Integer> ids(TokenRow row) {
        return IntStream.range(0, row.tokenCount()).map(row::tokenId).boxed().toList();
    }
}
