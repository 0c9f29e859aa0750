package io.nuner.model.decode;

import io.nuner.engine.RowLogits;
import io.nuner.model.text.Words;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Decoder of scores to entities, as gliner 0.1.12 does it (model.py:259-277, modules/evaluator.py:115-162): the most probable
 * span first, each kept unless one already kept rules it out. Any thread.
 *
 * <p>Time is linear in the number of scores plus n log n in those above the threshold.
 */
public final class SpanDecoder {
    private SpanDecoder() {}

    /**
     * The entities of a text, by start; those that start together by falling score.
     *
     * @throws IllegalArgumentException if the scores are not those of these words
     */
    public static List<EntitySpan> decode(RowLogits logits, Words words, DecodeOptions options) {
        if (logits.words() != words.count()) {
            throw new IllegalArgumentException(
                    "scores of " + logits.words() + " words for a text of " + words.count() + " words");
        }
        Candidates candidates = Candidates.above(options.threshold(), logits);
        int[] winners = logits.maxWidth() == 1 && !options.multiLabel()
                ? bestOfEachWord(candidates)
                : byStart(greedy(candidates, new KeptSpans(options, logits.words(), logits.maxWidth())), candidates);
        List<EntitySpan> entities = entities(winners, candidates, words);
        return NeighbourMerge.merge(entities, options, words.text(), logits.labels());
    }

    /** What {@link #greedy} comes to where every span is one word and takes one label: the first of the most probable ones. */
    private static int[] bestOfEachWord(Candidates candidates) {
        int[] winners = new int[candidates.count()];
        int count = 0;
        for (int candidate = 0; candidate < candidates.count(); candidate++) {
            boolean sameWord = count > 0 && candidates.start(winners[count - 1]) == candidates.start(candidate);
            if (!sameWord) {
                winners[count++] = candidate;
            } else if (candidates.probability(candidate) > candidates.probability(winners[count - 1])) {
                winners[count - 1] = candidate;
            }
        }
        return Arrays.copyOf(winners, count);
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

    /** Orders by start and leaves those that start together as they are. */
    private static int[] byStart(int[] winners, Candidates candidates) {
        long[] keys = new long[winners.length];
        for (int i = 0; i < winners.length; i++) {
            keys[i] = (long) candidates.start(winners[i]) << Integer.SIZE | i;
        }
        Arrays.sort(keys);
        return Arrays.stream(keys).mapToInt(key -> winners[(int) key]).toArray();
    }

    private static List<EntitySpan> entities(int[] winners, Candidates candidates, Words words) {
        List<EntitySpan> entities = new ArrayList<>(winners.length);
        for (int winner : winners) {
            entities.add(new EntitySpan(
                    words.start(candidates.start(winner)),
                    words.end(candidates.last(winner)),
                    candidates.label(winner),
                    candidates.probability(winner)));
        }
        return entities;
    }
}
