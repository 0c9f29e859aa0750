package io.nuner.model.decode;

import io.nuner.engine.RowLogits;
import io.nuner.model.text.Words;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

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
        if (logits.words() != words.count()) {
            throw new IllegalArgumentException(
                    "scores of " + logits.words() + " words for a text of " + words.count() + " words");
        }
        Candidates candidates = Candidates.above(options.threshold(), logits);
        int[] kept = logits.maxWidth() == 1
                ? IntStream.range(0, candidates.count()).toArray() // single words rule out nothing
                : greedy(candidates, new KeptSpans(options, logits.words(), logits.maxWidth()));
        List<EntitySpan> entities = options.multiLabel()
                ? withEveryLabel(kept, candidates, words, maxEntities)
                : withBestLabel(kept, candidates, words, maxEntities);
        return NeighbourMerge.merge(entities, options, words.text(), logits.labels());
    }

    private static int[] greedy(Candidates candidates, KeptSpans kept) {
        int[] winners = new int[candidates.count()];
        int count = 0;
        for (int candidate : candidates.byProbability()) {
            int start = candidates.start(candidate);
            int last = candidates.last(candidate);
            if (!kept.excludes(start, last)) {
                kept.keep(start, last);
                winners[count++] = candidate;
            }
        }
        return Arrays.copyOf(winners, count);
    }

    private static List<EntitySpan> withBestLabel(int[] kept, Candidates candidates, Words words, int maxEntities)
            throws TooManyEntitiesException {
        check(kept.length, maxEntities);
        List<EntitySpan> entities = new ArrayList<>(kept.length);
        for (int candidate : byStart(kept, candidates)) {
            entities.add(entity(
                    candidate, candidates.label(candidate), candidates.probability(candidate), candidates, words));
        }
        return entities;
    }

    /** Orders by start; candidates that start together keep their order. */
    private static int[] byStart(int[] winners, Candidates candidates) {
        long[] keys = new long[winners.length];
        for (int i = 0; i < winners.length; i++) {
            keys[i] = (long) candidates.start(winners[i]) << Integer.SIZE | i;
        }
        Arrays.sort(keys);
        return Arrays.stream(keys).mapToInt(key -> winners[(int) key]).toArray();
    }

    private static List<EntitySpan> withEveryLabel(int[] kept, Candidates candidates, Words words, int maxEntities)
            throws TooManyEntitiesException {
        int count = 0;
        for (int candidate : kept) {
            count += labelsOf(candidate, candidates);
        }
        check(count, maxEntities);
        int[] inOrder = kept.clone();
        Arrays.sort(inOrder); // candidates are numbered by start, then by width
        List<EntitySpan> entities = new ArrayList<>(count);
        for (int from = 0; from < inOrder.length; ) {
            int to = from + 1;
            while (to < inOrder.length && candidates.start(inOrder[to]) == candidates.start(inOrder[from])) {
                to++;
            }
            addByProbability(Arrays.copyOfRange(inOrder, from, to), candidates, words, entities);
            from = to;
        }
        return entities;
    }

    private static int labelsOf(int candidate, Candidates candidates) {
        int count = 0;
        for (int label = 0; label < candidates.labels(); label++) {
            count += candidates.probability(candidate, label) >= 0 ? 1 : 0;
        }
        return count;
    }

    /** Adds all labels of spans that start together. */
    private static void addByProbability(
            int[] together, Candidates candidates, Words words, List<EntitySpan> entities) {
        int labels = candidates.labels();
        long[] keys = new long[together.length * labels];
        int count = 0;
        for (int i = 0; i < together.length; i++) {
            for (int label = 0; label < labels; label++) {
                float probability = candidates.probability(together[i], label);
                if (probability >= 0) {
                    keys[count++] = Candidates.key(probability, i * labels + label);
                }
            }
        }
        Arrays.sort(keys, 0, count);
        for (int i = 0; i < count; i++) {
            int candidate = together[(int) keys[i] / labels];
            int label = (int) keys[i] % labels;
            entities.add(entity(candidate, label, candidates.probability(candidate, label), candidates, words));
        }
    }

    private static void check(int count, int maxEntities) throws TooManyEntitiesException {
        if (count > maxEntities) {
            throw new TooManyEntitiesException(count, maxEntities);
        }
    }

    private static EntitySpan entity(int candidate, int label, float probability, Candidates candidates, Words words) {
        return new EntitySpan(
                words.start(candidates.start(candidate)), words.end(candidates.last(candidate)), label, probability);
    }
}
