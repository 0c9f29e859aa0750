package io.nuner.server.batching;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.server.batching.Admission.Permit;
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
        tenants.seen(tenants.unnamed(), 2 * LATER_NANOS);

        assertThat(tenants.named("second").name()).isEqualTo("second");
        assertThat(tenants.all().map(Tenant::name)).contains("known");
    }

    @Test
    void aTenantWithTextsInFlightIsNotForgotten() {
        Tenants tenants = new Tenants(Map.of(), 1);
        AdmissionGate gate = new AdmissionGate(new AdmissionGate.Limits(9, 9, Requests.FAR), tenants, new Backlog());
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
        tenants.seen(tenants.unnamed(), 0);
        tenants.seen(tenants.unnamed(), LATER_NANOS); // the second sweep of a name that nobody has used
        assertThat(tenants.named("late")).isNotSameAs(lookedUp);

        tenants.seen(lookedUp, LATER_NANOS + 1);
        assertThat(tenants.activeWeight()).isEqualTo(2);

        tenants.seen(tenants.unnamed(), 3 * LATER_NANOS);
        assertThat(tenants.activeWeight()).isEqualTo(1);
    }

    @Test
    void aCallThatWasLookedUpAndWaitsForItsTextKeepsItsTenant() {
        Tenants tenants = new Tenants(Map.of(), 2);
        Tenant lookedUp = tenants.named("slow");

        tenants.seen(tenants.unnamed(), 0); // a sweep

        assertThat(tenants.named("slow")).isSameAs(lookedUp);
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

    @Test
    void weightsChangeWhileTenantsAreAtWork() {
        Tenants tenants = new Tenants(Map.of("heavy", 7), 10);
        Tenant heavy = tenants.named("heavy");
        tenants.seen(heavy, 0);
        tenants.seen(tenants.unnamed(), 0);

        tenants.configure(Map.of("heavy", 3, "new", 5), 10, false);

        assertThat(tenants.named("heavy")).isSameAs(heavy);
        assertThat(heavy.weight()).isEqualTo(3);
        assertThat(tenants.named("new").weight()).isEqualTo(5);
        assertThat(tenants.activeWeight()).isEqualTo(3 + 1);
    }

    @Test
    void aTenantThatIsRemovedIsANameLikeAnyOther() {
        Tenants tenants = new Tenants(Map.of("heavy", 7), 0);
        Tenant heavy = tenants.named("heavy");
        tenants.seen(heavy, 0);

        tenants.configure(Map.of(), 0, false);

        assertThat(tenants.named("heavy").name()).isEqualTo(Tenants.OTHERS);
        assertThat(heavy.weight()).as("of what it still has under way").isEqualTo(1);
        assertThat(tenants.activeWeight()).isEqualTo(1);
        assertThat(tenants.isConfigured(heavy)).isFalse();
    }

    @Test
    void whoeverHasNoNameMayShareWithMadeUpNames() {
        Tenants tenants = new Tenants(Map.of("known", 2), 1000);
        tenants.named("made-up");

        tenants.configure(Map.of("known", 2), 0, true);

        assertThat(tenants.unnamed().name()).isEqualTo(Tenants.OTHERS);
        assertThat(tenants.named("made-up")).isSameAs(tenants.unnamed());
        assertThat(tenants.named("default")).isSameAs(tenants.unnamed());
        assertThat(tenants.named("other")).isSameAs(tenants.unnamed());
        assertThat(tenants.named("known").name()).isEqualTo("known");

        tenants.configure(Map.of("known", 2, "default", 4), 0, true);
        assertThat(tenants.unnamed().name()).isEqualTo("default");
        assertThat(tenants.unnamed().weight()).isEqualTo(4);
        assertThat(tenants.named("made-up").name()).isEqualTo(Tenants.OTHERS);

        tenants.configure(Map.of("known", 2), 1000, false);
        assertThat(tenants.named("made-up").name()).isEqualTo("made-up");
        assertThat(tenants.unnamed().name()).isEqualTo("default");
    }
}
