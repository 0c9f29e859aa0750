package io.nuner.model.text;

import com.ibm.icu.text.BreakIterator;
import com.ibm.icu.util.ULocale;

/** Unicode's word boundaries with the dictionaries of ICU. Loads ICU when it is made. One thread. */
final class IcuWords {
    /** End of {@link #next}. */
    static final int NONE = BreakIterator.DONE;

    private final BreakIterator boundaries = Shared.newIterator();

    /** Starts anew with a text, of which the boundary at 0 is passed. */
    void start(String text) {
        boundaries.setText(text);
        boundaries.first();
    }

    /** The next boundary, the last of which is the length of the text; then {@link #NONE}. */
    int next() {
        return boundaries.next();
    }

    /** An iterator must not be used by two threads, but costs much to make and little to clone. */
    private static final class Shared {
        private static final BreakIterator FIRST = BreakIterator.getWordInstance(ULocale.ROOT);

        static BreakIterator newIterator() {
            return FIRST.clone();
        }
    }
}
