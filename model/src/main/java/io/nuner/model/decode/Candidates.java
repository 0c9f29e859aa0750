package io.nuner.model.decode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The spans of one text of which a label's probability passes its threshold, in row-major order: start word, width. They come
 * window by window, and leave when nothing depends on them any more. One thread.
 *
 * <p>Each span is held once, with its most probable label, the first of equal ones. That label alone decides whether the span is
 * kept, because a span that rules it out rules out the less probable labels, too. So memory is linear in the spans, for any
 * number of labels; the scores of a window are held as long as a span of it is.
 */
final class Candidates {
    private static final int FIRST_ROOM = 16;

    private final Thresholds thresholds;
    private final int maxWidth;
    private final float[] probabilitiesOfOne;
    private final List<Scores> scores = new ArrayList<>();
    private int[] starts = new int[FIRST_ROOM];
    private int[] lasts = new int[FIRST_ROOM];
    private int[] labels = new int[FIRST_ROOM];
    private float[] probabilities = new float[FIRST_ROOM];
    private State[] states = new State[FIRST_ROOM];
    private int count;

    Candidates(Thresholds thresholds, int maxWidth) {
        this.thresholds = thresholds;
        this.maxWidth = maxWidth;
        probabilitiesOfOne = new float[thresholds.labels()];
    }

    /** Reads every score of the window's own words once. A score that is no number passes no threshold. */
    void add(Scores next) {
        scores.add(next);
        for (int start = next.ownFrom(); start < next.ownTo(); start++) {
            int widths = Math.min(maxWidth, next.end() - start);
            if (next.hasAbove(thresholds.lowestLogit(), start, widths)) {
                addBestLabels(next, start, widths);
            }
        }
    }

    int count() {
        return count;
    }

    /** Index of the first word. */
    int start(int candidate) {
        return starts[candidate];
    }

    /** Index of the last word. */
    int last(int candidate) {
        return lasts[candidate];
    }

    /** The most probable label. */
    int label(int candidate) {
        return labels[candidate];
    }

    /** The probability of the most probable label. */
    float probability(int candidate) {
        return probabilities[candidate];
    }

    State state(int candidate) {
        return states[candidate];
    }

    void become(State state, int candidate) {
        states[candidate] = state;
    }

    /**
     * The probability of each label that passes its threshold, else -1; of labels that share a name only the best one. Valid
     * until the next call.
     */
    float[] probabilities(int candidate) {
        int window = scores.size() - 1;
        while (scores.get(window).ownFrom() > starts[candidate]) {
            window--;
        }
        scores.get(window)
                .probabilities(starts[candidate], lasts[candidate] - starts[candidate], thresholds, probabilitiesOfOne);
        thresholds.keepBestOfEachName(probabilitiesOfOne);
        return probabilitiesOfOne;
    }

    /** All candidates in their order. */
    int[] all() {
        int[] all = new int[count];
        for (int i = 0; i < count; i++) {
            all[i] = i;
        }
        return all;
    }

    /** The candidates by falling probability; equal ones stay in row-major order. */
    int[] byProbability() {
        long[] keys = new long[count];
        for (int i = 0; i < count; i++) {
            keys[i] = key(probabilities[i], i);
        }
        return sorted(keys);
    }

    /** The low halves of the keys, by their keys. */
    static int[] sorted(long[] keys) {
        Arrays.sort(keys);
        int[] indices = new int[keys.length];
        for (int i = 0; i < indices.length; i++) {
            indices[i] = (int) keys[i];
        }
        return indices;
    }

    /** A number that sorts by falling probability and then by index. */
    static long key(float probability, int index) {
        // Floats that are not negative compare like their bits.
        return (long) (Integer.MAX_VALUE - Float.floatToIntBits(probability)) << Integer.SIZE | index;
    }

    /** The first word of the first open candidate, or the other word if there is none. */
    int firstOpen(int otherwise) {
        for (int candidate = 0; candidate < count; candidate++) {
            if (states[candidate] == State.OPEN) {
                return starts[candidate];
            }
        }
        return otherwise;
    }

    /** Lets go of all that says nothing about spans that start at that word or behind it. */
    void forgetBefore(int word) {
        int kept = 0;
        for (int candidate = 0; candidate < count; candidate++) {
            if (states[candidate] != State.DROPPED && lasts[candidate] >= word) {
                starts[kept] = starts[candidate];
                lasts[kept] = lasts[candidate];
                labels[kept] = labels[candidate];
                probabilities[kept] = probabilities[candidate];
                states[kept] = states[candidate];
                kept++;
            }
        }
        count = kept;
        scores.removeIf(window -> window.ownTo() <= word);
    }

    private void addBestLabels(Scores from, int start, int widths) {
        for (int width = 0; width < widths; width++) {
            addBestLabel(from, start, width);
        }
    }

    private void addBestLabel(Scores from, int start, int width) {
        float lowest = thresholds.lowestLogit();
        int best = -1;
        float highest = -1;
        int label = from.nextAbove(lowest, start, width, 0);
        while (label >= 0) {
            float probability = thresholds.passing(label, from.at(start, width, label));
            if (probability > highest) {
                highest = probability;
                best = label;
            }
            label = from.nextAbove(lowest, start, width, label + 1);
        }
        if (best >= 0) {
            add(start, start + width, best, highest);
        }
    }

    private void add(int start, int last, int label, float probability) {
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, 2 * count);
            lasts = Arrays.copyOf(lasts, 2 * count);
            labels = Arrays.copyOf(labels, 2 * count);
            probabilities = Arrays.copyOf(probabilities, 2 * count);
            states = Arrays.copyOf(states, 2 * count);
        }
        starts[count] = start;
        lasts[count] = last;
        labels[count] = label;
        probabilities[count] = probability;
        states[count] = State.OPEN;
        count++;
    }

    /** What has been decided about a candidate. */
    enum State {
        /** Nothing yet. */
        OPEN,
        /** It is an entity. */
        KEPT,
        /** It is an entity that was listed. */
        LISTED,
        /** It is none. */
        DROPPED
    }
}
