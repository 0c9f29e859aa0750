package io.nuner.model.window;

import io.nuner.model.text.Words;

/** Where sentences and paragraphs of a text end, as far as its punctuation and line breaks tell. Any thread. */
final class TextBreaks {
    private static final String ENDS = ".!?\u2026\u203c\u2047\u2048\u2049\u0964\u06d4\u061f\u104b\u17d4";
    /** After these no space is needed. */
    private static final String WIDE_ENDS = "\u3002\uff01\uff1f\uff61";

    private static final String CLOSING = "\"')]}\u00bb\u2019\u201d\u203a\u300d\u300f\uff09";
    private static final int MOST_CLOSING = 2;

    private final Words words;

    TextBreaks(Words words) {
        this.words = words;
    }

    /** Whether a sentence or a paragraph ends before the word, which is not the first. */
    boolean isBefore(int word) {
        int from = words.end(word - 1);
        int to = words.start(word);
        return isParagraph(from, to) || isSentence(word - 1, from < to);
    }

    private boolean isParagraph(int from, int to) {
        int lines = 0;
        for (int at = from; at < to; at++) {
            char character = words.text().charAt(at);
            if (character == '\n' || (character == '\r' && words.text().charAt(at + 1) != '\n')) {
                lines++;
            }
        }
        return lines > 1;
    }

    private boolean isSentence(int last, boolean spaceFollows) {
        int word = last;
        while (word > 0 && last - word < MOST_CLOSING && isOneOf(CLOSING, word)) {
            word--;
        }
        return (spaceFollows && isOneOf(ENDS, word)) || isOneOf(WIDE_ENDS, word);
    }

    private boolean isOneOf(String characters, int word) {
        return words.end(word) - words.start(word) == 1
                && characters.indexOf(words.text().charAt(words.start(word))) >= 0;
    }
}
