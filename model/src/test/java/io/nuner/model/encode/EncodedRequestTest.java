package io.nuner.model.encode;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.engine.TokenRow;
import io.nuner.model.ModelException;
import io.nuner.model.testing.FixtureCase;
import io.nuner.model.testing.Fixtures;
import io.nuner.model.testing.WeightsFormat;
import io.nuner.model.text.WordSplitter;
import io.nuner.model.text.Words;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EncodedRequestTest {
    private static final List<String> LABELS = List.of("person", "date");

    @TempDir
    private Path directory;

    /** Whatever the room: the words kept are encoded as if the text ended there, and one more would not fit. */
    @ParameterizedTest
    @EnumSource(names = {"MARKER_V0_W3", "BERT_W1"})
    void fittingIsEncodingTheFirstWordsThatFit(Fixtures fixture) throws ModelException {
        try (SubwordTokenizer tokenizer = open(fixture)) {
            RequestEncoder encoder = new RequestEncoder(tokenizer);
            for (FixtureCase example : fixture.cases()) {
                if (!example.isBlank()) {
                    checkEveryRoom(encoder, WordSplitter.split(example.text()).first(60), example.labels());
                }
            }
        }
    }

    @Test
    void wordsWithoutATokenTakeNoRoom() throws ModelException {
        try (SubwordTokenizer tokenizer = open(Fixtures.BERT_W1)) {
            RequestEncoder encoder = new RequestEncoder(tokenizer);
            Words words = WordSplitter.split("a \u0001 \u0301 b \u0301");
            EncodedRequest whole = encoder.encode(words, LABELS);
            int tokens = whole.row().tokenCount();

            assertThat(whole.row().wordToken(1)).isEqualTo(TokenRow.NO_TOKEN);
            assertThat(whole.fitting(tokens)).containsSame(whole);
            assertThat(whole.fitting(tokens - 1).orElseThrow().words().count()).isEqualTo(3);
            assertThat(whole.fitting(tokens - 2)).isEmpty();
        }
    }

    private static void checkEveryRoom(RequestEncoder encoder, Words words, List<String> labels) {
        EncodedRequest whole = encoder.encode(words, labels);
        int kept = 0;
        for (int room = 1; room <= whole.row().tokenCount(); room++) {
            while (kept < words.count() && tokens(encoder.encode(words.first(kept + 1), labels)) <= room) {
                kept++;
            }
            if (kept == 0) {
                assertThat(whole.fitting(room)).isEmpty();
            } else {
                assertSame(whole.fitting(room).orElseThrow(), encoder.encode(words.first(kept), labels));
            }
        }
        assertThat(kept).isEqualTo(words.count());
    }

    private static void assertSame(EncodedRequest actual, EncodedRequest expected) {
        assertThat(actual.row()).isEqualTo(expected.row());
        assertThat(actual.words().count()).isEqualTo(expected.words().count());
        assertThat(actual.promptTokens()).isEqualTo(expected.promptTokens());
        assertThat(actual.textTokens()).isEqualTo(expected.textTokens());
    }

    private static int tokens(EncodedRequest request) {
        return request.row().tokenCount();
    }

    private SubwordTokenizer open(Fixtures fixture) throws ModelException {
        Path tokenizerJson = directory.resolve("tokenizer.json");
        TokenizerFile.prepare(fixture.checkpoint(directory, WeightsFormat.SAFETENSORS), tokenizerJson);
        return SubwordTokenizer.open(tokenizerJson);
    }
}
