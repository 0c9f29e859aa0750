package io.nuner.server.rpc;

import io.nuner.server.batching.Denial;
import io.nuner.v1.ExtractResponse;
import io.nuner.v1.Usage;
import java.util.function.LongSupplier;

/**
 * An answer that tells an observer first. Any thread.
 *
 * @param answer where the result goes
 * @param caller whose text it is
 * @param observer told what becomes of it
 * @param nanoClock the server's clock
 */
record CountedText(Answer answer, Caller caller, TextObserver observer, LongSupplier nanoClock) implements Answer {
    @Override
    public void entities(ExtractResponse response) {
        long now = nanoClock.getAsLong();
        Usage usage = response.getUsage();
        int tokens = usage.getPromptTokens() + usage.getTextTokens();
        try {
            observer.answered(caller.tenant(), now - caller.arrivedNanos(), tokens, now - caller.deadlineNanos() < 0);
        } finally { // whatever an observer throws, the caller gets the answer
            answer.entities(response);
        }
    }

    @Override
    public void refusal(Refusal refusal) {
        try {
            observer.refused(caller.tenant(), refusal.reason(), 1);
        } finally {
            answer.refusal(refusal);
        }
    }

    /** It was with the batcher, and there is no answer. */
    void dropped(Denial denial) {
        try {
            observer.dropped(denial.reason());
        } finally {
            refusal(Refusal.of(denial));
        }
    }
}
