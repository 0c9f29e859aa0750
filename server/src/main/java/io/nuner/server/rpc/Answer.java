package io.nuner.server.rpc;

import io.nuner.server.batching.Refusal;
import io.nuner.v1.ExtractResponse;
import java.util.Optional;

/** Where the result of one text goes. Exactly one of {@link #entities} and {@link #refusal} is called, once, on any thread. */
interface Answer {
    /** Why there is no room for these entities, if there is none; asked just before they would be given. */
    Optional<Refusal> turnsAway(ExtractResponse response);

    /** The text was searched. */
    void entities(ExtractResponse response);

    /** It was not. */
    void refusal(Refusal refusal);
}
