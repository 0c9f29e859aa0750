package io.nuner.model.decode;

/**
 * Spans of words already kept for a part of a text, and which further ones they rule out (gliner 0.1.12, modules/evaluator.py:115-140).
 * Spans are given by their first and last word. A query takes time linear in the words of the span. One thread.
 */
final class KeptSpans {
    private final DecodeOptions options;
    private final int first;
    private final int maxWidth;
    private final boolean[] kept;
    /** By word: the smallest start of the kept spans that end there, else a number above every word. */
    private final int[] smallestStart;
    /** By word: the largest last word of the kept spans that start there, else -1. */
    private final int[] largestLast;

    /**
     * None are kept yet.
     *
     * @param first the first word of all spans that are kept or asked about
     * @param words how many words from there on the spans may have
     */
    KeptSpans(DecodeOptions options, int first, int words, int maxWidth) {
        this.options = options;
        this.first = first;
        this.maxWidth = maxWidth;
        this.kept = new boolean[words * maxWidth];
        this.smallestStart = new int[words];
        this.largestLast = new int[words];
        for (int word = 0; word < words; word++) {
            smallestStart[word] = words;
            largestLast[word] = -1;
        }
    }

    void keep(int startWord, int lastWord) {
        int start = startWord - first;
        int last = lastWord - first;
        kept[start * maxWidth + last - start] = true;
        smallestStart[last] = Math.min(smallestStart[last], start);
        largestLast[start] = Math.max(largestLast[start], last);
    }

    /** True if the span may not be kept beside those already kept. */
    boolean excludes(int startWord, int lastWord) {
        int start = startWord - first;
        int last = lastWord - first;
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
