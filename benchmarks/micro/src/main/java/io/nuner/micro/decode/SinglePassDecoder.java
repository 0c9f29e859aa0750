package io.nuner.micro.decode;

import io.nuner.engine.RowLogits;
import io.nuner.model.decode.DecodeOptions;
import io.nuner.model.decode.EntitySpan;
import io.nuner.model.text.Words;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The baseline: the decoder of a text in one row as it was before texts had windows and labels had thresholds (commit 7e083c11),
 * for one label a span and neighbours joined over one character. It stays as it is. Any thread.
 */
final class SinglePassDecoder {
    private static final int NONE = -1;

    private SinglePassDecoder() {}

    static List<EntitySpan> decode(RowLogits logits, Words words, DecodeOptions options, int maxEntities) {
        Candidates candidates = Candidates.above(options.threshold(), logits);
        int[] kept = logits.maxWidth() == 1
                ? IntStream.range(0, candidates.count).toArray()
                : greedy(candidates, new KeptSpans(logits.words(), logits.maxWidth()));
        if (kept.length > maxEntities) {
            throw new IllegalStateException(kept.length + " entities, of at most " + maxEntities);
        }
        List<EntitySpan> entities = new ArrayList<>(kept.length);
        for (int candidate : byStart(kept, candidates)) {
            entities.add(new EntitySpan(
                    words.start(candidates.start(candidate)),
                    words.end(candidates.last(candidate)),
                    candidates.label(candidate),
                    candidates.probabilities[candidate]));
        }
        return merge(entities, words.text(), logits.labels());
    }

    private static int[] greedy(Candidates candidates, KeptSpans kept) {
        int[] winners = new int[candidates.count];
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

    private static int[] byStart(int[] winners, Candidates candidates) {
        long[] keys = new long[winners.length];
        for (int i = 0; i < winners.length; i++) {
            keys[i] = (long) candidates.start(winners[i]) << Integer.SIZE | i;
        }
        Arrays.sort(keys);
        return Arrays.stream(keys).mapToInt(key -> winners[(int) key]).toArray();
    }

    private static List<EntitySpan> merge(List<EntitySpan> entities, String text, int labels) {
        int[] lastOfLabel = new int[labels];
        Arrays.fill(lastOfLabel, NONE);
        List<EntitySpan> merged = new ArrayList<>();
        for (EntitySpan next : entities) {
            int place = lastOfLabel[next.label()];
            boolean neighbours = place != NONE && place == merged.size() - 1;
            if (neighbours && bridges(text, merged.get(place).end(), next.start())) {
                EntitySpan first = merged.get(place);
                merged.set(place, new EntitySpan(first.start(), next.end(), first.label(), first.score()));
            } else {
                lastOfLabel[next.label()] = merged.size();
                merged.add(next);
            }
        }
        return merged;
    }

    private static boolean bridges(String text, int from, int to) {
        return from == to || (from < to && from + Character.charCount(text.codePointAt(from)) == to);
    }

    private static final class Candidates {
        private static final double SLACK = 1e-6;
        private static final int FIRST_ROOM = 16;

        private final RowLogits logits;
        private final float threshold;
        private final float lowestLogit;
        private int[] cells = new int[FIRST_ROOM];
        private float[] probabilities = new float[FIRST_ROOM];
        private int count;

        private Candidates(float threshold, RowLogits logits) {
            this.logits = logits;
            this.threshold = threshold;
            double lower = threshold - SLACK;
            lowestLogit = lower <= 0 ? Float.NEGATIVE_INFINITY : Math.nextDown((float) Math.log(lower / (1 - lower)));
        }

        static Candidates above(float threshold, RowLogits logits) {
            Candidates candidates = new Candidates(threshold, logits);
            for (int start = 0; start < logits.words(); start++) {
                int widths = Math.min(logits.maxWidth(), logits.words() - start);
                for (int width = 0; width < widths; width++) {
                    candidates.addBestLabel(start, width);
                }
            }
            return candidates;
        }

        int start(int candidate) {
            return cells[candidate] / (logits.maxWidth() * logits.labels());
        }

        int last(int candidate) {
            return start(candidate) + cells[candidate] / logits.labels() % logits.maxWidth();
        }

        int label(int candidate) {
            return cells[candidate] % logits.labels();
        }

        int[] byProbability() {
            long[] keys = new long[count];
            for (int i = 0; i < count; i++) {
                keys[i] = (long) (Integer.MAX_VALUE - Float.floatToIntBits(probabilities[i])) << Integer.SIZE | i;
            }
            Arrays.sort(keys);
            return Arrays.stream(keys).mapToInt(key -> (int) key).toArray();
        }

        private void addBestLabel(int start, int width) {
            int best = NONE;
            float highest = -1;
            for (int label = 0; label < logits.labels(); label++) {
                float probability = passing(logits.at(start, width, label));
                if (probability > highest) {
                    highest = probability;
                    best = label;
                }
            }
            if (best >= 0) {
                add((start * logits.maxWidth() + width) * logits.labels() + best, highest);
            }
        }

        private float passing(float logit) {
            if (!(logit > lowestLogit)) {
                return -1;
            }
            float probability = 1f / (1f + (float) Math.exp(-logit));
            return probability > threshold ? probability : -1;
        }

        private void add(int cell, float probability) {
            if (count == cells.length) {
                cells = Arrays.copyOf(cells, 2 * count);
                probabilities = Arrays.copyOf(probabilities, 2 * count);
            }
            cells[count] = cell;
            probabilities[count] = probability;
            count++;
        }
    }

    /** Of a flat text. */
    private static final class KeptSpans {
        private final int maxWidth;
        private final boolean[] kept;
        private final int[] smallestStart;
        private final int[] largestLast;

        KeptSpans(int words, int maxWidth) {
            this.maxWidth = maxWidth;
            kept = new boolean[words * maxWidth];
            smallestStart = new int[words];
            largestLast = new int[words];
            for (int word = 0; word < words; word++) {
                smallestStart[word] = words;
                largestLast[word] = NONE;
            }
        }

        void keep(int start, int last) {
            kept[start * maxWidth + last - start] = true;
            smallestStart[last] = Math.min(smallestStart[last], start);
            largestLast[start] = Math.max(largestLast[start], last);
        }

        boolean excludes(int start, int last) {
            if (kept[start * maxWidth + last - start]) {
                return true;
            }
            for (int word = start; word <= last; word++) {
                if (largestLast[word] >= 0 || smallestStart[word] <= word) {
                    return true;
                }
            }
            for (int before = Math.max(0, last - maxWidth + 1); before < start; before++) {
                if (largestLast[before] >= last) {
                    return true;
                }
            }
            return false;
        }
    }
}
