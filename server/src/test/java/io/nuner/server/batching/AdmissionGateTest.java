package io.nuner.server.batching;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AdmissionGateTest {
    @Test
    void admitsAsManyRequestsAsItHasPlacesFor() {
        AdmissionGate gate = new AdmissionGate(2, 100);
        Permit first = gate.tryEnter().orElseThrow();
        assertThat(gate.tryEnter()).isPresent();

        assertThat(gate.tryEnter()).isEmpty();
        first.close();
        assertThat(gate.tryEnter()).isPresent();
    }

    @Test
    void admitsAsManyTokensAsItHasPlacesFor() {
        AdmissionGate gate = new AdmissionGate(10, 100);
        Permit first = gate.tryEnter().orElseThrow();
        Permit second = gate.tryEnter().orElseThrow();

        assertThat(first.takeTokens(60)).isTrue();
        assertThat(second.takeTokens(41)).isFalse();
        assertThat(second.takeTokens(40)).isTrue();
    }

    @Test
    void aPermitGoesBackOnceWithItsTokens() {
        AdmissionGate gate = new AdmissionGate(10, 100);
        Permit permit = gate.tryEnter().orElseThrow();
        permit.takeTokens(60);

        permit.close();
        permit.close();

        assertThat(gate.requestsInFlight()).isZero();
        assertThat(gate.tokensInFlight()).isZero();
    }

    @Test
    void aPermitThatWentBackTakesNoTokens() {
        AdmissionGate gate = new AdmissionGate(10, 100);
        Permit permit = gate.tryEnter().orElseThrow();
        permit.close();

        assertThat(permit.takeTokens(5)).isFalse();
        assertThat(gate.tokensInFlight()).isZero();
    }
}
