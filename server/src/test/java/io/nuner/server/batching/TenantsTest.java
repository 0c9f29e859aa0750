package io.nuner.server.batching;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TenantsTest {
    private static final long LATER_NANOS = 12_000_000_000L;

    @Test
    void asManyNamesAreToldApartAsAreAllowedBeyondThoseConfigured() {
        Tenants tenants = new Tenants(Map.of("known", 2), 2);

        assertThat(tenants.named("a").name()).isEqualTo("a");
        assertThat(tenants.named("b").name()).isEqualTo("b");
        assertThat(tenants.named("c").name()).isEqualTo(Tenants.OTHERS);
        assertThat(tenants.named("a")).isSameAs(tenants.named("a"));
        assertThat(tenants.named("known").weight()).isEqualTo(2);
    }

    @Test
    void madeUpNamesCostNoMemory() {
        Tenants tenants = new Tenants(Map.of(), 10);

        IntStream.range(0, 10_000).forEach(i -> tenants.named("made-up-" + i));

        assertThat(tenants.all()).hasSize(10 + 2);
    }

    @Test
    void aNameThatNobodyUsesMakesRoomForAnother() {
        Tenants tenants = new Tenants(Map.of("known", 2), 1);
        tenants.seen(tenants.named("first"), 0);
        assertThat(tenants.named("second").name()).isEqualTo(Tenants.OTHERS);

        tenants.seen(tenants.unnamed(), LATER_NANOS);

        assertThat(tenants.named("second").name()).isEqualTo("second");
        assertThat(tenants.all().map(Tenant::name)).contains("known");
    }

    @Test
    void aTenantWithTextsInFlightIsNotForgotten() {
        Tenants tenants = new Tenants(Map.of(), 1);
        AdmissionGate gate = new AdmissionGate(new GateLimits(9, 9, Requests.FAR), tenants, new Backlog());
        Tenant busy = tenants.named("busy");
        Permit permit = (Permit) gate.enter(busy, Urgency.INTERACTIVE, 0, Requests.FAR);

        tenants.seen(tenants.unnamed(), LATER_NANOS);
        assertThat(tenants.named("busy")).isSameAs(busy);
        assertThat(tenants.activeWeight()).isEqualTo(2);

        permit.close();
        tenants.seen(tenants.unnamed(), 2 * LATER_NANOS);
        assertThat(tenants.activeWeight()).isEqualTo(1);
    }

    @Test
    void whoWasForgottenBetweenLookUpAndUseIsCountedAndForgottenAgain() {
        Tenants tenants = new Tenants(Map.of(), 1);
        Tenant lookedUp = tenants.named("late");
        tenants.seen(tenants.unnamed(), 0); // sweeps the name, which nobody has used yet

        tenants.seen(lookedUp, 1);
        assertThat(tenants.activeWeight()).isEqualTo(2);

        tenants.seen(tenants.unnamed(), LATER_NANOS);
        assertThat(tenants.activeWeight()).isEqualTo(1);
    }

    @Test
    void weightCountsWhileATenantIsActive() {
        Tenants tenants = new Tenants(Map.of("heavy", 7), 0);
        tenants.seen(tenants.unnamed(), 0);
        assertThat(tenants.activeWeight()).isEqualTo(1);

        tenants.seen(tenants.named("heavy"), 1);
        tenants.seen(tenants.named("heavy"), 2);
        assertThat(tenants.activeWeight()).isEqualTo(8);
    }
}
