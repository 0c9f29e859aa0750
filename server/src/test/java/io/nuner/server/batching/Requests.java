package io.nuner.server.batching;

import io.nuner.engine.RowLogits;
import io.nuner.engine.TokenRow;
import java.util.ArrayList;
import java.util.List;

/** Makes requests whose answers can be looked at. One thread at a time. */
final class Requests {
    static final long FAR = Long.MAX_VALUE / 4;

    final AdmissionGate gate = new AdmissionGate(1_000_000, 1_000_000_000);
    private final List<Asked> asked = new ArrayList<>();

    Asked request(int tokens, long deadlineNanos) {
        Permit permit = gate.tryEnter().orElseThrow();
        permit.takeTokens(tokens);
        Asked one = new Asked(tokens, deadlineNanos, permit);
        asked.add(one);
        return one;
    }

    long unanswered() {
        return asked.stream().filter(one -> one.answers.isEmpty()).count();
    }

    /** One request and what it was answered. */
    static final class Asked implements Reply.Receiver {
        final PendingRequest pending;
        final List<String> answers = new ArrayList<>();

        private Asked(int tokens, long deadlineNanos, Permit permit) {
            TokenRow row = TokenRow.copyOf(new int[tokens], new int[] {0}, new int[] {0});
            pending = new PendingRequest(row, 0, deadlineNanos, new Reply(permit, this));
        }

        @Override
        public void onScored(RowLogits logits, BatchRun run) {
            answers.add("scored");
        }

        @Override
        public void onRejected(Rejection rejection) {
            answers.add(rejection.name());
        }
    }
}
