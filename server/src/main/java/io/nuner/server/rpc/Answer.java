package io.nuner.server.rpc;

import io.nuner.v1.ExtractResponse;

/** Where the result of one text goes. Exactly one method is called, once, on any thread. */
interface Answer {
    /** The text was searched. */
    void entities(ExtractResponse response);

    /** It was not. */
    void refusal(Refusal refusal);
}
