package io.nuner.model.window;

import io.nuner.model.encode.EncodedRequest;
import io.nuner.model.encode.TextEncoder;
import io.nuner.model.encode.WordPieces;
import io.nuner.model.text.Words;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * The windows of a text, made one by one. A text that fits into one window is one window, with the row that it has without
 * windows. One thread at a time. Holds the tokens of one window; each word is tokenized once.
 *
 * <p>A window has as many words as both limits allow, less where a sentence or a paragraph ends in the last quarter of them. The
 * next one starts the overlap before its end, or at the start of a sentence up to twice as far before it. The overlap has at
 * least twice the longest span, and at most half the words of the window and half the tokens that the labels leave. A word of
 * the overlap belongs to the window in which it lies farther from the edge, the earlier one if that is equal.
 *
 * <p>A word of more tokens than the labels leave in a row is read by its first tokens, a quarter of those.
 */
public final class TextWindows {
    private static final int QUARTERS = 4;

    private final Words words;
    private final LabelGroups groups;
    private final TextEncoder encoder;
    private final WindowLimits limits;
    private final TextBreaks breaks;
    private final int overlap;
    private final int room;

    /** Words that have more tokens than the room, not yet owned by a window; ascending. */
    private final Deque<Integer> shortened = new ArrayDeque<>();

    private int windows;
    private int from;
    private int lastEnd;
    private int owned;
    /** The tokens of the words from {@link #from} on. */
    private WordPieces ahead = WordPieces.of(new int[0][]);

    /**
     * Windows of a text.
     *
     * @param maxWidth words of the longest span that the model scores
     * @throws IllegalArgumentException if the labels leave no room for a token of text
     */
    public TextWindows(Words words, LabelGroups groups, TextEncoder encoder, WindowLimits limits, int maxWidth) {
        this.words = words;
        this.groups = groups;
        this.encoder = encoder;
        this.limits = limits;
        breaks = new TextBreaks(words);
        overlap = Math.max(limits.overlapWords(), 2 * maxWidth);
        room = limits.maxTokens() - groups.longest() - 1;
        if (room < 1) {
            throw new IllegalArgumentException(
                    "labels of " + groups.longest() + " tokens leave no room for text in " + limits.maxTokens());
        }
    }

    /** Whether a part of the text is left. */
    public boolean hasNext() {
        return owned < words.count();
    }

    /** The next window, encoded now. */
    public Window next() {
        if (!hasNext()) {
            throw new NoSuchElementException("no words are left");
        }
        tokenizeAhead();
        int to = end();
        boolean last = to == words.count();
        int start = last ? to : nextStart(to);
        int ownTo = endOfOwn(start, to);
        List<EncodedRequest> rows = rows(words.range(from, to), ahead.range(0, to - from));
        Window window = new Window(windows, from, to, owned, ownTo, rows, shortenedBefore(ownTo), last);
        ahead = ahead.range(start - from, ahead.words());
        windows++;
        from = start;
        lastEnd = to;
        owned = ownTo;
        return window;
    }

    /** Behind the words that lie no nearer to this window's end than to the next one's start. */
    private static int endOfOwn(int nextStart, int to) {
        return (nextStart + to - 1) / 2 + 1;
    }

    private List<EncodedRequest> rows(Words part, WordPieces pieces) {
        return groups.prompts().stream()
                .map(prompt -> encoder.encode(part, pieces, prompt))
                .toList();
    }

    /** Tokenizes the words that may fit, and the one behind them. */
    private void tokenizeAhead() {
        int known = from + ahead.words();
        int to = (int) Math.min(words.count(), from + limits.maxWords() + 1L);
        if (known < to) {
            WordPieces more = encoder.pieces(words.range(known, to));
            for (int word = 0; word < more.words(); word++) {
                if (more.tokens(word) > room) {
                    shortened.add(known + word);
                }
            }
            ahead = ahead.followedBy(more.shortened(room, Math.max(1, room / QUARTERS)));
        }
    }

    /** How many words before that one are shortened and were not counted before. */
    private int shortenedBefore(int word) {
        int count = 0;
        while (!shortened.isEmpty() && shortened.getFirst() < word) {
            shortened.removeFirst();
            count++;
        }
        return count;
    }

    private int end() {
        int most = from + fitting();
        if (most == words.count()) {
            return most;
        }
        int least = Math.max(lastEnd + 1, most - (most - from) / QUARTERS);
        for (int end = most; end >= least; end--) {
            if (breaks.isBefore(end)) {
                return end;
            }
        }
        return most;
    }

    /** How many of the words ahead fit into a row. */
    private int fitting() {
        int most = Math.min(limits.maxWords(), ahead.words());
        int count = 0;
        int tokens = 0;
        while (count < most && tokens + ahead.tokens(count) <= room) {
            tokens += ahead.tokens(count);
            count++;
        }
        return count;
    }

    private int nextStart(int to) {
        int most = mostShared(to);
        int least = Math.min(overlap, most);
        for (int shared = Math.max(1, least); shared <= Math.min(2 * overlap, most); shared++) {
            if (breaks.isBefore(to - shared)) {
                return to - shared;
            }
        }
        return to - least;
    }

    /** How many words a window that ends there may share with the next one, in which the word behind them must fit, too. */
    private int mostShared(int to) {
        int size = to - from;
        int most = Math.min(room / 2, room - ahead.tokens(size));
        int shared = 0;
        int tokens = 0;
        while (2 * (shared + 1) <= size && tokens + ahead.tokens(size - shared - 1) <= most) {
            shared++;
            tokens += ahead.tokens(size - shared);
        }
        return shared;
    }
}
