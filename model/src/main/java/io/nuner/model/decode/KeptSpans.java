package io.nuner.model.decode;

/**
 * The word spans already kept for one text, and which further ones they rule out (gliner 0.1.12, modules/evaluator.py:115-140).
 * Spans are given by their first and last word. A query takes time linear in the words of the span. One thread.
 */
final class KeptSpans {
    private final DecodeOptions options;
    private final int maxWidth;
    private final boolean[] kept;
    /** By word: the smallest start of the kept spans that end there, else a number above every word. */
    private final int[] smallestStart;
    /** By word: the largest last word of the kept spans that start there, else -1. */
    private final int[] largestLast;

    KeptSpans(DecodeOptions options, int words, int maxWidth) {
        this.options = options;
        this.maxWidth = maxWidth;
        this.kept = new boolean[words * maxWidth];
        this.smallestStart = new int[words];
        this.largestLast = new int[words];
        for (int word = 0; word < words; word++) {
            smallestStart[word] = words;
            largestLast[word] = -1;
        }
    }

    void keep(int start, int last) {
        kept[start * maxWidth + last - start] = true;
        smallestStart[last] = Math.min(smallestStart[last], start);
        largestLast[start] = Math.max(largestLast[start], last);
    }

    /** True if the span may not be kept beside those already kept. */
    boolean excludes(int start, int last) {
        if (kept[start * maxWidth + last - start]) {
            return !options.multiLabel();
        }
        return options.flatNer() ? overlaps(start, last) : crosses(start, last);
    }

    /** True if a kept span shares a word with the span. */
    private boolean overlaps(int start, int last) {
        for (int word = start; word <= last; word++) {
            if (largestLast[word] >= 0 || smallestStart[word] <= word) {
                return true;
            }
        }
        return coversFromOutside(start, last);
    }

    /** True if a kept span starts before the span and ends behind it. */
    private boolean coversFromOutside(int start, int last) {
        for (int before = Math.max(0, last - maxWidth + 1); before < start; before++) {
            if (largestLast[before] >= last) {
                return true;
            }
        }
        return false;
    }

    /** True if a kept span shares a word with the span and neither lies within the other. */
    private boolean crosses(int start, int last) {
        for (int word = start; word < last; word++) {
            if (smallestStart[word] < start || largestLast[word + 1] > last) {
                return true;
            }
        }
        return false;
    }
}
