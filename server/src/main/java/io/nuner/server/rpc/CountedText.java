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
        observer.answered(caller.tenant(), now - caller.arrivedNanos(), tokens, now - caller.deadlineNanos() < 0);
        answer.entities(response);
    }

    @Override
    public void refusal(Refusal refusal) {
        observer.refused(caller.tenant(), refusal.reason(), 1);
        answer.refusal(refusal);
    }

    /** It was with the batcher, and there is no answer. */
    void dropped(Denial denial) {
        observer.dropped(denial.reason());
        refusal(Refusal.of(denial));
    }
}
