package io.nuner.model.text;

import java.util.Arrays;

/**
 * The words of a text, as offsets into it: UTF-16 indices, ends exclusive, ascending and disjoint. Immutable. Any thread.
 */
public final class Words {
    private final String text;
    private final int count;
    private final int[] offsets;

    /**
     * Takes over the array.
     *
     * @param offsets start and end of each word in turn; may be longer than needed
     */
    Words(String text, int count, int[] offsets) {
        this.text = text;
        this.count = count;
        this.offsets = offsets;
    }

    /** The whole text, as it was given. */
    public String text() {
        return text;
    }

    /** How many words there are. */
    public int count() {
        return count;
    }

    /** Index of the word's first UTF-16 unit in the text. */
    public int start(int word) {
        return offsets[2 * checked(word)];
    }

    /** Index behind the word's last UTF-16 unit in the text. */
    public int end(int word) {
        return offsets[2 * checked(word) + 1];
    }

    /** A copy of the word. */
    public String word(int word) {
        return text.substring(start(word), end(word));
    }

    /** The first {@code limit} words of the same text, or this if there are no more. Does not hold on to the others. */
    public Words first(int limit) {
        if (limit < 0) {
            throw new IllegalArgumentException("limit must not be negative, but is " + limit);
        }
        return limit >= count ? this : new Words(text, limit, Arrays.copyOf(offsets, 2 * limit));
    }

    /** The words from {@code from} to before {@code to}, of the same text; this if these are all. */
    public Words range(int from, int to) {
        if (from < 0 || from > to || to > count) {
            throw new IndexOutOfBoundsException("words " + from + " to " + to + " of " + count);
        }
        return from == 0 && to == count
                ? this
                : new Words(text, to - from, Arrays.copyOfRange(offsets, 2 * from, 2 * to));
    }

    private int checked(int word) {
        if (word < 0 || word >= count) {
            throw new IndexOutOfBoundsException("word " + word + " of " + count);
        }
        return word;
    }

    /** The count only: the words are the user's text and may not be printed. */
    @Override
    public String toString() {
        return "Words[" + count + "]";
    }
}
