package io.nuner.model.text;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * The classes {@code \w} and {@code \s} of Python 3.11 (Unicode 14.0) for every code point, whatever Unicode version the
 * running JDK has. Immutable. Any thread.
 *
 * <p>The table is made by src/main/python/word_characters.py.
 */
final class WordCharacters {
    private static final String TABLE = "word-characters.txt";
    private static final long[] WORDS = new long[(Character.MAX_CODE_POINT + 1) / Long.SIZE];
    private static final long[] SPACES = new long[(Character.MAX_CODE_POINT + 1) / Long.SIZE];

    static {
        readTable().forEach(WordCharacters::addRange);
    }

    private WordCharacters() {}

    /** True for letters, numbers and the low line; marks are none. */
    static boolean isWord(int codePoint) {
        return contains(WORDS, codePoint);
    }

    /** True for white space, the separators U+001C to U+001F included. */
    static boolean isSpace(int codePoint) {
        return contains(SPACES, codePoint);
    }

    private static boolean contains(long[] set, int codePoint) {
        return (set[codePoint >>> 6] & (1L << codePoint)) != 0;
    }

    private static List<String> readTable() {
        try (InputStream table = WordCharacters.class.getResourceAsStream(TABLE);
                BufferedReader lines = new BufferedReader(new InputStreamReader(
                        Objects.requireNonNull(table, TABLE + " is missing"), StandardCharsets.US_ASCII))) {
            return lines.lines().filter(line -> !line.startsWith("#")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes a line "word 41 5A": kind, first and last code point. */
    private static void addRange(String line) {
        int first = line.indexOf(' ') + 1;
        int last = line.indexOf(' ', first) + 1;
        long[] set = line.startsWith("word") ? WORDS : SPACES;
        int end = Integer.parseInt(line, last, line.length(), 16);
        for (int codePoint = Integer.parseInt(line, first, last - 1, 16); codePoint <= end; codePoint++) {
            set[codePoint >>> 6] |= 1L << codePoint;
        }
    }
}
