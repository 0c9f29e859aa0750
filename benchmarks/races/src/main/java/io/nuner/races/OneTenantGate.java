package io.nuner.races;

import io.nuner.server.batching.Admission.Permit;
import io.nuner.server.batching.AdmissionGate;
import io.nuner.server.batching.Backlog;
import io.nuner.server.batching.Tenants;
import io.nuner.server.batching.Urgency;
import java.util.Map;

/** A gate that one tenant goes through, at a time that stands still. Any thread. */
final class OneTenantGate {
    private final Tenants tenants = new Tenants(Map.of(), 0);
    private final AdmissionGate gate;

    OneTenantGate(int maxRequests, long maxTokens) {
        gate = new AdmissionGate(
                new AdmissionGate.Limits(maxRequests, maxTokens, Long.MAX_VALUE), tenants, new Backlog());
    }

    /** A permit of an empty gate. */
    Permit enter() {
        return (Permit) gate.enter(tenants.unnamed(), Urgency.INTERACTIVE, 0, 1);
    }

    int requestsInFlight() {
        return gate.requestsInFlight();
    }

    long tokensInFlight() {
        return gate.tokensInFlight();
    }
}
