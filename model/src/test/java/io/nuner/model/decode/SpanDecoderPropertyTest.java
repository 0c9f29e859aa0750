package io.nuner.model.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.nuner.engine.RowLogits;
import io.nuner.model.text.WordSplitter;
import io.nuner.model.text.Words;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpanDecoderPropertyTest {
    private static final long SEED = 20_261_122;
    /** What stands behind a word; some of it makes a word of its own. */
    private static final List<String> GAPS =
            List.of(" ", " ", "  ", "\n", "\t", ",", ", ", "\u00a0", "\u2028", "\u3000", "\ud83d\ude00");

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 12})
    void anyScoresDecodeAsTheRuleSays(int maxWidth) {
        Random random = new Random(SEED + maxWidth);
        for (int i = 0; i < 1_500; i++) {
            Words words = words(1 + random.nextInt(14), random);
            RowLogits logits = logits(words.count(), maxWidth, 1 + random.nextInt(4), random);
            DecodeOptions options = options(random);

            assertThat(SpanDecoder.decode(logits, words, options))
                    .as("seed %d, width %d, round %d, %s", SEED, maxWidth, i, options)
                    .isEqualTo(RuleAsWritten.decode(logits, words, options));
        }
    }

    @Test
    void everyScoreOfALongTextMayPass() {
        Random random = new Random(SEED);
        Words words = words(384, random);
        RowLogits logits = logits(384, 12, 25, random);

        assertThat(SpanDecoder.decode(logits, words, new DecodeOptions(0f, true, false, Merging.NONE)))
                .isSortedAccordingTo((one, other) -> Integer.compare(one.start(), other.start()))
                .isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void entitiesAreCountedBeforeTheyAreMade(int maxWidth) throws TooManyEntitiesException {
        Random random = new Random(SEED + maxWidth);
        for (int i = 0; i < 300; i++) {
            Words words = words(1 + random.nextInt(14), random);
            RowLogits logits = logits(words.count(), maxWidth, 1 + random.nextInt(4), random);
            DecodeOptions drawn = options(random);
            DecodeOptions options =
                    new DecodeOptions(drawn.threshold(), drawn.multiLabel(), drawn.flatNer(), Merging.NONE);
            List<EntitySpan> all = RuleAsWritten.decode(logits, words, options);

            assertThat(SpanDecoder.decode(logits, words, options, all.size())).isEqualTo(all);
            if (!all.isEmpty()) {
                assertThatThrownBy(() -> SpanDecoder.decode(logits, words, options, all.size() - 1))
                        .as("seed %d, width %d, round %d, %s", SEED, maxWidth, i, options)
                        .isInstanceOfSatisfying(
                                TooManyEntitiesException.class,
                                e -> assertThat(e.count()).isEqualTo(all.size()));
            }
        }
    }

    /** All 454,200 scores pass; spans that cross are left out. */
    @Test
    void whatIsRefusedCostsMemoryForItsSpansOnly() {
        Words words = words(384, new Random(SEED));
        RowLogits logits = RowLogits.wrap(384, 12, 100, new float[384 * 12 * 100]);
        DecodeOptions options = new DecodeOptions(0f, true, false, Merging.NONE);
        assertThatThrownBy(() -> SpanDecoder.decode(logits, words, options, 10_000))
                .isInstanceOf(TooManyEntitiesException.class); // classes are loaded
        ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = thread.getCurrentThreadAllocatedBytes();

        assertThatThrownBy(() -> SpanDecoder.decode(logits, words, options, 10_000))
                .hasMessage("73600 entities, of at most 10000");

        assertThat(thread.getCurrentThreadAllocatedBytes() - before).isLessThan(1_000_000);
    }

    private static Words words(int count, Random random) {
        StringBuilder text = new StringBuilder();
        for (int word = 0; word < count; word++) {
            text.append(random.nextInt(4) == 0 ? "\ud83d\ude00" : "w").append(GAPS.get(random.nextInt(GAPS.size())));
        }
        while (WordSplitter.split(text.toString()).count() < count) {
            text.append(" w");
        }
        return WordSplitter.split(text.toString()).first(count);
    }

    /** Few different values, so that many scores are equal. */
    private static RowLogits logits(int words, int maxWidth, int labels, Random random) {
        float[] scores = new float[words * maxWidth * labels];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = random.nextInt(10) == 0 ? 20f * random.nextInt(3) : 0.5f * (random.nextInt(12) - 7);
        }
        return RowLogits.wrap(words, maxWidth, labels, scores);
    }

    private static DecodeOptions options(Random random) {
        float[] thresholds = {0f, 0.3f, 0.5f, 0.9f, 0.999999f, 1f};
        return new DecodeOptions(
                thresholds[random.nextInt(thresholds.length)],
                random.nextBoolean(),
                random.nextBoolean(),
                List.of(Merging.values()).get(random.nextInt(Merging.values().length)));
    }
}
