package io.nuner.cli.common;

import io.nuner.v1.WordSplitting;
import java.util.Locale;

/** What {@code --word-splitting} takes. */
enum Splitting {
    REFERENCE(WordSplitting.WORD_SPLITTING_REFERENCE),
    UNICODE(WordSplitting.WORD_SPLITTING_UNICODE);

    private final WordSplitting splitting;

    Splitting(WordSplitting splitting) {
        this.splitting = splitting;
    }

    WordSplitting splitting() {
        return splitting;
    }

    /** As written on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
