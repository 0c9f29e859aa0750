package io.nuner.server.texts;

import io.nuner.server.answers.Delivery;
import io.nuner.server.batching.Refusal;
import io.nuner.server.batching.Rejection;
import io.nuner.v1.ExtractResponse;
import io.nuner.v1.Usage;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Counts the answer to one text and passes it on: a refusal is counted at once, a response when it has left the server or was
 * lost. Any thread. If the observer throws, the answer is passed on all the same.
 *
 * @param answer where the result goes
 * @param caller whose text it is
 * @param observer told what becomes of it
 * @param nanoClock the server's clock
 */
record CountingAnswer(Answer<ExtractResponse> answer, Caller caller, TextObserver observer, LongSupplier nanoClock)
        implements Answer<ExtractResponse> {
    /** Passes the response on; if there is no room for it, refuses. */
    @Override
    public void response(ExtractResponse response) {
        Optional<Refusal> noRoom = answer.takeRoom(response);
        if (noRoom.isPresent()) {
            refusal(noRoom.get());
            return;
        }
        Usage usage = response.getUsage();
        caller.delivery().accept(new OnItsWay(usage.getPromptTokens() + usage.getTextTokens()));
        answer.response(response);
    }

    @Override
    public void refusal(Refusal refusal) {
        if (!answer.triesAgain(refusal)) {
            refuse(refusal);
        }
    }

    /** Refuses a text that had been given to the batcher. */
    void dropped(Refusal refusal) {
        if (answer.triesAgain(refusal)) {
            return;
        }
        try {
            observer.dropped(refusal.reason());
        } finally {
            refuse(refusal);
        }
    }

    private void refuse(Refusal refusal) {
        try {
            observer.refused(caller.tenant(), refusal.reason(), 1);
        } finally {
            answer.refusal(refusal);
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
