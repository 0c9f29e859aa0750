package io.nuner.server.parity;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.model.testing.Fixtures;
import io.nuner.model.testing.WeightsFormat;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.ExtractResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Answers through a real gRPC server are the reference's: gliner 0.1.12 and the merge of the model card. */
class ReferenceParityTest {
    // the tolerance for logits, which bounds the difference of their sigmoids
    private static final double SCORE_TOLERANCE = 1e-4;

    @TempDir
    private Path scratch;

    @ParameterizedTest
    @CsvSource({
        "MARKER_W1, SAFETENSORS",
        "MARKER_W1, PYTORCH_BIN",
        "MARKER_V0_W3, SAFETENSORS",
        "MARKER_V0_W3, PYTORCH_BIN",
        "REAL_VOCAB, SAFETENSORS",
        "BERT_W1, SAFETENSORS",
        "BERT_V0_W3, SAFETENSORS"
    })
    void everyCaseIsAnsweredAsTheReferenceDoes(Fixtures fixture, WeightsFormat format) throws Exception {
        List<Question> differing = new ArrayList<>();
        int asked = 0;

        try (ServedFixture served = ServedFixture.serve(fixture, format, scratch)) {
            for (Question question : Question.all(fixture)) {
                ExtractResponse response =
                        served.futures().extract(question.request()).get();
                assertThat(response.getUsage().getWords())
                        .isEqualTo(question.text().usedWords());
                assertThat(response.getUsage().getTruncated())
                        .isEqualTo(
                                question.text().words().size() > question.text().usedWords());
                asked++;
                if (!question.isAnsweredBy(response, SCORE_TOLERANCE)) {
                    differing.add(question);
                }
            }
        }

        long nearThreshold = differing.stream()
                .filter(question -> question.prediction().nearThreshold())
                .count();
        System.out.println(fixture + " " + format + ": " + asked + " answers, " + differing.size()
                + " differ, of these near the threshold: " + nearThreshold);
        assertThat(differing).allMatch(question -> question.prediction().nearThreshold());
        assertThat(asked).isGreaterThan(100);
    }

    @ParameterizedTest
    @EnumSource
    void tokensAreCountedAsTheReferenceHasThem(Fixtures fixture) throws Exception {
        try (ServedFixture served = ServedFixture.serve(fixture, WeightsFormat.SAFETENSORS, scratch)) {
            for (Question question : Question.all(fixture)) {
                ExtractRequest request = question.request();
                ExtractResponse response = served.futures().extract(request).get();
                int tokens = response.getUsage().getPromptTokens()
                        + response.getUsage().getTextTokens();
                int expected = question.text().isBlank()
                        ? 0
                        : question.text().inputIds().size();
                assertThat(tokens).isEqualTo(expected);
            }
        }
    }
}
