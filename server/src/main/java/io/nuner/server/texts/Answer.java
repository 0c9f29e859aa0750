package io.nuner.server.texts;

import io.nuner.server.batching.Patience;
import io.nuner.server.batching.Refusal;
import java.util.Optional;

/** Where a result goes. Exactly one of {@link #response} and {@link #refusal} is called, once, on any thread. */
public interface Answer<T> {
    /** Takes room for the response that is given next; returns the refusal to give instead if there is none. */
    default Optional<Refusal> takeRoom(T response) {
        return Optional.empty();
    }

    /** How the text lets others go first if it is started now. */
    default Patience patience(long nowNanos) {
        return Patience.NONE;
    }

    /** True if the refusal is none, because whoever waits here starts the work anew. May be called before {@link #refusal} only. */
    default boolean triesAgain(Refusal refusal) {
        return false;
    }

    /** The work is done. */
    void response(T response);

    /** The work is not done. */
    void refusal(Refusal refusal);
}
