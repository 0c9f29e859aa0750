package io.nuner.server.answers;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.model.decode.EntitySpan;
import io.nuner.model.text.OffsetConverter;
import io.nuner.model.text.OffsetUnit;
import io.nuner.v1.Entity;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.ExtractResponse;
import io.nuner.v1.Timings;
import io.nuner.v1.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AnswerSizeTest {
    private static final long SEED = 20_261_130;
    private static final String[] CHARACTERS = {"a", " ", "é", "語", "😀"};
    /** Tags, lengths, timings and usage take their longest form in the estimate. */
    private static final int SLACK_ONCE = 160;

    private static final int SLACK_EACH = 3;

    @Test
    void holdsWhatTheAnswerTakesAndHardlyMore() {
        Random random = new Random(SEED);
        for (int round = 0; round < 500; round++) {
            ExtractRequest request = request(random);
            List<EntitySpan> spans = spans(request, random);
            for (OffsetUnit unit : OffsetUnit.values()) {
                int actual = answer(request, spans, unit).getSerializedSize();

                long size = AnswerSize.of(request, spans, 0);

                assertThat(size)
                        .as("seed %d, round %d", SEED, round)
                        .isBetween((long) actual, actual + SLACK_ONCE + (long) (SLACK_EACH + 8) * spans.size());
                assertThat(AnswerSize.of(request, spans, size)).isEqualTo(size);
                assertThat(AnswerSize.of(request, spans, 1L << 40)).isGreaterThanOrEqualTo(size);
            }
        }
    }

    private static ExtractRequest request(Random random) {
        ExtractRequest.Builder request = ExtractRequest.newBuilder()
                .setText(words(1 + random.nextInt(400), random))
                .setRequestId("r".repeat(random.nextInt(128)));
        for (int label = 0; label <= random.nextInt(20); label++) {
            request.addLabels(label + words(random.nextInt(60), random));
        }
        return request.build();
    }

    private static String words(int characters, Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < characters; i++) {
            text.append(CHARACTERS[random.nextInt(CHARACTERS.length)]);
        }
        return text.toString();
    }

    private static List<EntitySpan> spans(ExtractRequest request, Random random) {
        String text = request.getText();
        int length = text.codePointCount(0, text.length());
        List<EntitySpan> spans = new ArrayList<>();
        for (int i = 0; i < random.nextInt(40); i++) {
            int first = random.nextInt(length);
            int start = text.offsetByCodePoints(0, first);
            int end = text.offsetByCodePoints(0, first + 1 + random.nextInt(length - first));
            spans.add(new EntitySpan(start, end, random.nextInt(request.getLabelsCount()), random.nextFloat()));
        }
        return spans;
    }

    private static ExtractResponse answer(ExtractRequest request, List<EntitySpan> spans, OffsetUnit unit) {
        OffsetConverter offsets = new OffsetConverter(request.getText(), unit);
        ExtractResponse.Builder answer = ExtractResponse.newBuilder()
                .setRequestId(request.getRequestId())
                .setTimings(Timings.newBuilder()
                        .setEncodeNanos(1L << 40)
                        .setQueueNanos(1L << 40)
                        .setInferenceNanos(1L << 40)
                        .setDecodeNanos(1L << 40)
                        .setBatchRows(1 << 20)
                        .setBatchTokens(1 << 30)
                        .setBatchPaddedTokens(1 << 30))
                .setUsage(Usage.newBuilder()
                        .setWords(100_000)
                        .setPromptTokens(100_000)
                        .setTextTokens(100_000)
                        .setWindows(1)
                        .setTruncated(true));
        for (EntitySpan span : spans) {
            answer.addEntities(Entity.newBuilder()
                    .setStart(offsets.convert(span.start()))
                    .setEnd(offsets.convert(span.end()))
                    .setText(request.getText().substring(span.start(), span.end()))
                    .setLabel(request.getLabels(span.label()))
                    .setLabelIndex(span.label())
                    .setScore(span.score()));
        }
        return answer.build();
    }
}
