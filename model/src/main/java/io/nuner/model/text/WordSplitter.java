package io.nuner.model.text;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Splitter of text into words, as the reference does it: the Python expression {@code \w+(?:[-_]\w+)*|\S} of
 * gliner 0.1.12, modules/token_splitter.py. Any thread.
 *
 * <p>A word is a run of word characters, runs joined by single hyphens included, or else one character that is no space. A
 * lone surrogate is a word. Reads each code point at most twice.
 *
 * <p>{@link WordSplitting#UNICODE} splits some of these words further.
 */
public final class WordSplitter {
    private static final int TYPICAL_UNITS_PER_WORD = 5;
    private static final int MOST_FIRST_ROOM = 1024;

    private final String text;
    private final boolean unicode;
    private int[] offsets;
    private int count;
    private @Nullable IcuWords icu;

    private WordSplitter(String text, WordSplitting splitting) {
        this.text = text;
        unicode = splitting == WordSplitting.UNICODE;
        this.offsets = new int[2 * Math.min(MOST_FIRST_ROOM, 8 + text.length() / TYPICAL_UNITS_PER_WORD)];
    }

    /** The words of the text; none if it is blank. */
    public static Words split(String text) {
        return split(text, WordSplitting.REFERENCE);
    }

    /** The words of the text by that rule; none if it is blank. Loads ICU only for a word that it has to split. */
    public static Words split(String text, WordSplitting splitting) {
        return new WordSplitter(text, splitting).split();
    }

    private Words split() {
        int at = 0;
        while (at < text.length()) {
            int codePoint = text.codePointAt(at);
            int next = at + Character.charCount(codePoint);
            if (WordCharacters.isWord(codePoint)) {
                next = addWord(at, endOfWord(next));
            } else if (!WordCharacters.isSpace(codePoint)) {
                add(at, next);
            }
            at = next;
        }
        return new Words(text, count, offsets);
    }

    /** Adds what the reference takes for a word, or its parts. Gives the index where the text goes on. */
    private int addWord(int start, int end) {
        if (!unicode || !holdsUnspacedLetter(start, end)) {
            add(start, end);
            return end;
        }
        int endOfMarked = endOfMarkedWord(end);
        if (icu == null) {
            icu = new IcuWords();
        }
        icu.start(text.substring(start, endOfMarked));
        int from = start;
        for (int boundary = icu.next(); boundary != IcuWords.NONE; boundary = icu.next()) {
            add(from, start + boundary);
            from = start + boundary;
        }
        return endOfMarked;
    }

    private boolean holdsUnspacedLetter(int start, int end) {
        for (int at = start; at < end; ) {
            int codePoint = text.codePointAt(at);
            if (UnspacedScripts.isLetter(codePoint)) {
                return true;
            }
            at += Character.charCount(codePoint);
        }
        return false;
    }

    /** The end of a word that goes on over marks, at which the reference splits. */
    private int endOfMarkedWord(int from) {
        int end = from;
        while (end < text.length() && UnspacedScripts.isMark(text.codePointAt(end))) {
            end = endOfWord(end + Character.charCount(text.codePointAt(end)));
        }
        return end;
    }

    /** The end of the word whose word characters go on at {@code from}. */
    private int endOfWord(int from) {
        int end = endOfRun(from);
        while (end < text.length() && text.charAt(end) == '-') {
            int joined = endOfRun(end + 1);
            if (joined == end + 1) {
                return end;
            }
            end = joined;
        }
        return end;
    }

    /** The first index from {@code from} on that holds no word character. The low line is one. */
    private int endOfRun(int from) {
        int at = from;
        while (at < text.length()) {
            int codePoint = text.codePointAt(at);
            if (!WordCharacters.isWord(codePoint)) {
                return at;
            }
            at += Character.charCount(codePoint);
        }
        return at;
    }

    private void add(int start, int end) {
        if (2 * count == offsets.length) {
            offsets = Arrays.copyOf(offsets, 2 * offsets.length);
        }
        offsets[2 * count] = start;
        offsets[2 * count + 1] = end;
        count++;
    }
}
