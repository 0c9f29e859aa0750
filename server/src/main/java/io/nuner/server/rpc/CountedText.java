package io.nuner.server.rpc;

import io.nuner.server.answers.Delivery;
import io.nuner.server.batching.Refusal;
import io.nuner.server.batching.Rejection;
import io.nuner.v1.ExtractResponse;
import io.nuner.v1.Usage;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * An answer that tells an observer: of a refusal at once, of entities when they have left the server, or were lost. Any thread.
 *
 * @param answer where the result goes
 * @param caller whose text it is
 * @param observer told what becomes of it
 * @param nanoClock the server's clock
 */
record CountedText(Answer answer, Caller caller, TextObserver observer, LongSupplier nanoClock) implements Answer {
    @Override
    public Optional<Refusal> turnsAway(ExtractResponse response) {
        return answer.turnsAway(response);
    }

    @Override
    public void entities(ExtractResponse response) {
        Optional<Refusal> noRoom = turnsAway(response);
        if (noRoom.isPresent()) {
            refusal(noRoom.get());
            return;
        }
        Usage usage = response.getUsage();
        caller.delivery().expect(new OnItsWay(usage.getPromptTokens() + usage.getTextTokens()));
        answer.entities(response);
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
    void dropped(Refusal refusal) {
        try {
            observer.dropped(refusal.reason());
        } finally {
            refusal(refusal);
        }
    }

    private final class OnItsWay implements Delivery.Text {
        private final int tokens;

        private OnItsWay(int tokens) {
            this.tokens = tokens;
        }

        @Override
        public void delivered() {
            long now = nanoClock.getAsLong();
            observer.answered(caller.tenant(), now - caller.arrivedNanos(), tokens, now - caller.deadlineNanos() < 0);
        }

        @Override
        public void lost(Rejection reason) {
            Rejection fate = reason == Rejection.CANCELLED ? caller.endedAt(nanoClock.getAsLong()) : reason;
            observer.refused(caller.tenant(), fate, 1);
        }
    }
}
