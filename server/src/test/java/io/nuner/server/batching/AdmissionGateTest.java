package io.nuner.server.batching;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class AdmissionGateTest {
    private final Tenants tenants = new Tenants(Map.of(), 10);

    @Test
    void admitsAsManyRequestsAsItHasPlacesFor() {
        AdmissionGate gate = gate(2, 100);
        Permit first = (Permit) enter(gate);
        assertThat(enter(gate)).isInstanceOf(Permit.class);

        assertThat(enter(gate)).isEqualTo(new Denial(Rejection.OVERLOADED, 0));
        first.close();
        assertThat(enter(gate)).isInstanceOf(Permit.class);
    }

    @Test
    void admitsAsManyTokensAsItHasPlacesFor() {
        AdmissionGate gate = gate(10, 100);
        Permit first = (Permit) enter(gate);
        Permit second = (Permit) enter(gate);

        assertThat(first.takeTokens(60)).isTrue();
        assertThat(second.takeTokens(41)).isFalse();
        assertThat(second.takeTokens(40)).isTrue();
    }

    @Test
    void aPermitGoesBackOnceWithItsTokens() {
        AdmissionGate gate = gate(10, 100);
        Permit permit = (Permit) enter(gate);
        permit.takeTokens(60);

        permit.close();
        permit.close();

        assertThat(gate.requestsInFlight()).isZero();
        assertThat(gate.tokensInFlight()).isZero();
    }

    @Test
    void aPermitThatWentBackTakesNoTokens() {
        AdmissionGate gate = gate(10, 100);
        Permit permit = (Permit) enter(gate);
        permit.close();

        assertThat(permit.takeTokens(5)).isFalse();
        assertThat(gate.tokensInFlight()).isZero();
    }

    private AdmissionGate gate(int maxRequests, long maxTokens) {
        return new AdmissionGate(new GateLimits(maxRequests, maxTokens, 1000), tenants, new Backlog());
    }

    private Admission enter(AdmissionGate gate) {
        return gate.enter(tenants.unnamed(), Urgency.INTERACTIVE, 0, 1000);
    }
}
