package io.nuner.server.batching;

import io.nuner.engine.RowLogits;
import io.nuner.engine.TokenRow;
import io.nuner.server.batching.Admission.Document;
import io.nuner.server.batching.Admission.Permit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Makes requests whose answers can be looked at. One thread at a time. */
final class Requests {
    static final long FAR = Long.MAX_VALUE / 4;

    final Tenants tenants = new Tenants(Map.of("double", 2), 100);
    final Backlog backlog = new Backlog();
    final AdmissionGate gate =
            new AdmissionGate(new AdmissionGate.Limits(1_000_000, 1_000_000_000, FAR), tenants, new Backlog());
    private final List<Asked> asked = new ArrayList<>();
    private long readyNanos;

    /** From now on, requests become ready at that time. */
    void readyAt(long nanos) {
        readyNanos = nanos;
    }

    Asked request(int tokens, long deadlineNanos) {
        return request(tokens, deadlineNanos, tenants.unnamed(), Urgency.INTERACTIVE);
    }

    Asked request(int tokens, long deadlineNanos, Tenant tenant, Urgency urgency) {
        return request(tokens, deadlineNanos, (Permit) gate.enter(tenant, urgency, readyNanos, FAR));
    }

    /** A text that lets calls go first. */
    Asked yielding(int tokens, long deadlineNanos) {
        Patience yielding = new Patience(true, true);
        return request(tokens, deadlineNanos, (Permit)
                gate.enter(tenants.unnamed(), Urgency.INTERACTIVE, yielding, readyNanos, FAR));
    }

    private Asked request(int tokens, long deadlineNanos, Permit permit) {
        permit.takeTokens(tokens);
        Asked one = new Asked(tokens, readyNanos, deadlineNanos, permit);
        asked.add(one);
        return one;
    }

    /** A document of the tenant. */
    Document document(Tenant tenant, Urgency urgency) {
        Permit permit = (Permit) gate.enter(tenant, urgency, readyNanos, FAR);
        Document document = permit.openDocument();
        permit.close();
        return document;
    }

    /** A row of a document. */
    Asked row(int tokens, long deadlineNanos, Document document) {
        Permit permit = document.enter(tokens, readyNanos).orElseThrow();
        Asked one = new Asked(tokens, readyNanos, deadlineNanos, permit);
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

        private Asked(int tokens, long readyNanos, long deadlineNanos, Permit permit) {
            TokenRow row = TokenRow.copyOf(new int[tokens], new int[] {0}, new int[] {0});
            pending = new PendingRequest(row, readyNanos, deadlineNanos, new Reply(permit, this));
        }

        @Override
        public void onScored(RowLogits logits, BatchRun run) {
            answers.add("scored");
        }

        @Override
        public void onRefused(Refusal refusal) {
            answers.add(refusal.reason().name());
        }
    }
}
