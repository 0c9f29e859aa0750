package io.nuner.model.decode;

import io.nuner.engine.RowLogits;
import io.nuner.model.text.Words;
import java.util.List;

/**
 * Decoder of scores to entities, as gliner 0.1.12 does it (model.py:259-277, modules/evaluator.py:115-162): the most probable
 * span first, each kept unless one already kept rules it out. Any thread.
 *
 * <p>Time is linear in the number of scores plus n log n in the spans above the threshold; memory is linear in those spans and
 * the entities, which are counted before any is made.
 */
public final class SpanDecoder {
    private SpanDecoder() {}

    /**
     * The entities of a text, by start; those that start together by falling score.
     *
     * @throws IllegalArgumentException if the scores are not those of these words
     */
    public static List<EntitySpan> decode(RowLogits logits, Words words, DecodeOptions options) {
        try {
            return decode(logits, words, options, Integer.MAX_VALUE);
        } catch (TooManyEntitiesException e) {
            throw new IllegalStateException("no text has so many words", e);
        }
    }

    /**
     * The same, if there are not too many.
     *
     * @param maxEntities how many there may be before neighbours are joined
     * @throws TooManyEntitiesException if there are more; none of them is made then
     */
    public static List<EntitySpan> decode(RowLogits logits, Words words, DecodeOptions options, int maxEntities)
            throws TooManyEntitiesException {
        Scores.requireWords(logits, words.count());
        Thresholds thresholds = Thresholds.same(logits.labels(), options.threshold());
        return new DocumentDecoder(words, options, thresholds, logits.maxWidth(), maxEntities)
                .add(Scores.ofWhole(logits))
                .entities();
    }
}
