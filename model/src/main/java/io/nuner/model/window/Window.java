package io.nuner.model.window;

import io.nuner.model.encode.EncodedRequest;
import java.util.List;

/**
 * A part of a text that the model reads at once. Words are counted in the whole text. Immutable.
 *
 * @param index how many windows come before it
 * @param from its first word
 * @param to behind its last word
 * @param ownFrom the first word that takes its scores from this window
 * @param ownTo behind the last such word; the next window's words follow
 * @param rows what the engine gets: a row for each group of labels
 * @param shortenedWords such words of which only the first tokens are read, because all of them fill no row
 * @param last whether the text ends here
 */
public record Window(
        int index,
        int from,
        int to,
        int ownFrom,
        int ownTo,
        List<EncodedRequest> rows,
        int shortenedWords,
        boolean last) {
    public Window {
        rows = List.copyOf(rows);
        if (from < 0 || ownFrom < from || ownTo <= ownFrom || to < ownTo) {
            throw new IllegalArgumentException(
                    "no window: words " + from + " to " + to + ", own " + ownFrom + " to " + ownTo);
        }
    }

    /** The window of a text that is read at once. */
    public static Window whole(EncodedRequest text) {
        int words = text.words().count();
        return new Window(0, 0, words, 0, words, List.of(text), 0, true);
    }
}
