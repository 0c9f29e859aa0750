package io.nuner.cli.extract;

import io.nuner.client.Extraction;
import io.nuner.client.ExtractionException;
import io.nuner.client.Outcome;
import io.nuner.v1.Timings;
import io.nuner.v1.Usage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of one text. Immutable.
 *
 * @param found its entities; after a failure those that are final
 * @param failure why these are not all; null if they are
 */
record Answer(AskedText text, Extraction found, @Nullable ExtractionException failure) {
    static Answer of(AskedText text, Outcome outcome) {
        try {
            return new Answer(text, outcome.orThrow(), null);
        } catch (ExtractionException e) {
            Extraction nothing = new Extraction(List.of(), Usage.getDefaultInstance(), Timings.getDefaultInstance());
            return new Answer(text, nothing, e);
        }
    }

    /** Whether the text is searched in part. */
    boolean isPartial() {
        return failure != null && (searchedEnd() > 0 || !found.entities().isEmpty());
    }

    /** Up to where the text is searched. */
    long searchedEnd() {
        return found.usage().getSearchedEnd();
    }
}
