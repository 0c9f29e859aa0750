package io.nuner.server.batching;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.server.batching.Admission.Permit;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AdmissionGateTest {
    private static final Patience HELD_BACK = new Patience(true, false);
    private static final Patience YIELDING = new Patience(false, true);

    private final Tenants tenants = new Tenants(Map.of(), 10);

    @Test
    void admitsAsManyRequestsAsItHasPlacesFor() {
        AdmissionGate gate = gate(2, 100);
        Permit first = (Permit) enter(gate);
        assertThat(enter(gate)).isInstanceOf(Permit.class);

        assertThat(enter(gate)).isEqualTo(Refusal.of(Rejection.OVERLOADED, 0));
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

    @Test
    void aLongRunIsNoQueue() {
        Backlog backlog = new Backlog();
        AdmissionGate gate = new AdmissionGate(new AdmissionGate.Limits(1000, 1_000_000, 1000), tenants, backlog);
        Tenant tenant = tenants.named("any");
        backlog.publishPace(1, 1);
        backlog.publishLanes(5000, 0); // and the engine does a token in a nanosecond

        Permit first = (Permit) gate.enter(tenant, Urgency.INTERACTIVE, 0, Long.MAX_VALUE);
        first.takeTokens(500);
        Permit second = (Permit) gate.enter(tenant, Urgency.INTERACTIVE, 0, Long.MAX_VALUE);
        second.takeTokens(20_000);
        assertThat(gate.enter(tenant, Urgency.INTERACTIVE, 0, Long.MAX_VALUE)).isInstanceOf(Refusal.class);
        second.close();

        assertThat(gate.enter(tenant, Urgency.INTERACTIVE, StandingQueue.BURST_NANOS, Long.MAX_VALUE))
                .isInstanceOf(Permit.class);
    }

    @Test
    void onceThreeQuartersAreUsedATenantGetsItsShareAndNoMore() {
        AdmissionGate gate = gate(8, 1_000_000);
        Tenant flood = tenants.named("flood");
        Tenant light = tenants.named("light");
        assertThat(enter(gate, light, Urgency.INTERACTIVE)).isInstanceOf(Permit.class);

        assertThat(admittedOf(20, gate, flood)).isEqualTo(5);
        assertThat(admittedOf(20, gate, light)).isEqualTo(2);
        assertThat(gate.requestsInFlight()).isEqualTo(8);
    }

    @Test
    void sharesGoByWeight() {
        Tenants weighted = new Tenants(Map.of("heavy", 3), 9);
        AdmissionGate gate = new AdmissionGate(new AdmissionGate.Limits(16, 1_000_000, 1000), weighted, new Backlog());
        Tenant light = weighted.named("light");
        assertThat(enter(gate, light, Urgency.INTERACTIVE)).isInstanceOf(Permit.class);

        assertThat(admittedOf(20, gate, weighted.named("heavy"))).isEqualTo(12);
        assertThat(admittedOf(20, gate, light)).isEqualTo(3);
    }

    @Test
    void aTenantWithNothingInFlightIsNeverOverItsShare() {
        AdmissionGate gate = gate(4, 1_000_000);
        for (int i = 0; i < 3; i++) {
            assertThat(enter(gate, tenants.named("tenant" + i), Urgency.INTERACTIVE))
                    .isInstanceOf(Permit.class);
        }

        assertThat(enter(gate, tenants.named("last"), Urgency.INTERACTIVE)).isInstanceOf(Permit.class);
        assertThat(enter(gate, tenants.named("one more"), Urgency.INTERACTIVE)).isInstanceOf(Refusal.class);
    }

    @Test
    void bulkTextsLeaveAQuarterToThoseThatAreWaitedFor() {
        AdmissionGate gate = gate(8, 1_000_000);
        Tenant tenant = tenants.unnamed();
        int bulk = 0;
        while (enter(gate, tenant, Urgency.BULK) instanceof Permit) {
            bulk++;
        }

        assertThat(bulk).isEqualTo(6);
        assertThat(enter(gate, tenant, Urgency.INTERACTIVE)).isInstanceOf(Permit.class);
        assertThat(enter(gate, tenant, Urgency.BULK)).isInstanceOf(Refusal.class);
    }

    @Test
    void aBulkTextOfAlmostAllTokensIsTakenOnWhereNothingElseIs() {
        AdmissionGate gate = gate(8, 100);
        Permit alone = (Permit) enter(gate, tenants.unnamed(), Urgency.BULK);

        assertThat(alone.takeTokens(100)).isTrue();
        Permit second = (Permit) enter(gate, tenants.unnamed(), Urgency.BULK);
        assertThat(second.takeTokens(1)).isFalse();
    }

    @Test
    void aDeadlineNearerThanTheQueueIsLongIsRefusedWithTheEstimate() {
        Backlog backlog = new Backlog();
        backlog.publishPace(10, 1);
        AdmissionGate gate = new AdmissionGate(new AdmissionGate.Limits(100, 100_000, 1_000_000), tenants, backlog);
        Permit before = (Permit) gate.enter(tenants.unnamed(), Urgency.INTERACTIVE, 0, 10_000);
        before.takeTokens(100);

        assertThat(gate.enter(tenants.unnamed(), Urgency.INTERACTIVE, 0, 999))
                .isEqualTo(Refusal.of(Rejection.UNMEETABLE, 1000));
        assertThat(gate.enter(tenants.unnamed(), Urgency.INTERACTIVE, 0, 1001)).isInstanceOf(Permit.class);
    }

    @Test
    void aDeadlineThatPassedIsSaidToHavePassed() {
        assertThat(gate(1, 1).enter(tenants.unnamed(), Urgency.INTERACTIVE, 5, 5))
                .isEqualTo(Refusal.of(Rejection.EXPIRED));
    }

    @Test
    void aQueueThatStandsTakesBulkTextsAndOtherTenants() {
        Backlog backlog = new Backlog();
        backlog.publishPace(1_000_000, 1);
        AdmissionGate gate = new AdmissionGate(new AdmissionGate.Limits(100, 100_000, 10_000_000), tenants, backlog);
        Tenant crowd = tenants.named("crowd");
        Permit first = (Permit) gate.enter(crowd, Urgency.INTERACTIVE, 0, Requests.FAR);
        first.takeTokens(50); // 50 ms, five times the limit

        Refusal refusal = (Refusal) gate.enter(crowd, Urgency.INTERACTIVE, 0, Requests.FAR);

        assertThat(refusal).isEqualTo(Refusal.of(Rejection.OVERLOADED, 45_000_000));
        assertThat(gate.enter(crowd, Urgency.BULK, 0, Requests.FAR)).isInstanceOf(Permit.class);
        assertThat(gate.enter(tenants.named("other one"), Urgency.INTERACTIVE, 0, Requests.FAR))
                .isInstanceOf(Permit.class);
    }

    @Test
    void whoIsHeldBackLeavesRoomToThoseWhoAreRefused() {
        Backlog backlog = new Backlog();
        backlog.publishPace(1_000_000, 1);
        AdmissionGate gate = new AdmissionGate(new AdmissionGate.Limits(100, 100_000, 40_000_000), tenants, backlog);
        Tenant tenant = tenants.unnamed();
        ((Permit) gate.enter(tenant, Urgency.INTERACTIVE, HELD_BACK, 0, Requests.FAR)).takeTokens(21); // 21 ms of 40

        assertThat(gate.enter(tenant, Urgency.INTERACTIVE, HELD_BACK, 0, Requests.FAR))
                .isEqualTo(Refusal.of(Rejection.OVERLOADED, 11_000_000));
        assertThat(gate.enter(tenant, Urgency.INTERACTIVE, 0, Requests.FAR)).isInstanceOf(Permit.class);
        assertThat(gate.enter(tenant, Urgency.BULK, 0, Requests.FAR)).isInstanceOf(Permit.class);
        assertThat(gate.enter(tenant, Urgency.BULK, HELD_BACK, 0, Requests.FAR))
                .isEqualTo(Refusal.of(Rejection.OVERLOADED, 11_000_000));
        assertThat(gate.enter(tenant, Urgency.INTERACTIVE, HELD_BACK, 5, 5)).isEqualTo(Refusal.of(Rejection.EXPIRED));
    }

    @Test
    void aCallDoesNotWaitForTextsThatYield() {
        Backlog backlog = new Backlog();
        backlog.publishPace(1_000_000, 1);
        AdmissionGate gate = new AdmissionGate(new AdmissionGate.Limits(100, 100_000, 40_000_000), tenants, backlog);
        Tenant tenant = tenants.unnamed();
        Permit many = (Permit) gate.enter(tenant, Urgency.INTERACTIVE, YIELDING, 0, Requests.FAR);
        many.takeTokens(1000); // a second

        assertThat(gate.enter(tenant, Urgency.INTERACTIVE, 0, 10_000_000)).isInstanceOf(Permit.class);
        assertThat(gate.enter(tenant, Urgency.INTERACTIVE, YIELDING, 0, 10_000_000))
                .isEqualTo(Refusal.of(Rejection.UNMEETABLE, 1_000_000_000));
        assertThat(gate.enter(tenant, Urgency.INTERACTIVE, YIELDING, 0, Requests.FAR))
                .isEqualTo(Refusal.of(Rejection.OVERLOADED, 980_000_000));
        assertThat(gate.enter(tenant, Urgency.INTERACTIVE, 0, Requests.FAR))
                .as("a call is judged by what stands before it")
                .isInstanceOf(Permit.class);
        many.close();
        assertThat(gate.enter(tenant, Urgency.INTERACTIVE, YIELDING, 0, 10_000_000))
                .isInstanceOf(Permit.class);
    }

    @Test
    void aBulkCallDoesNotWaitForBulkTextsThatYield() {
        Backlog backlog = new Backlog();
        backlog.publishPace(1_000_000, 1);
        AdmissionGate gate = new AdmissionGate(new AdmissionGate.Limits(100, 100_000, 40_000_000), tenants, backlog);
        Tenant tenant = tenants.unnamed();
        ((Permit) gate.enter(tenant, Urgency.BULK, YIELDING, 0, Requests.FAR)).takeTokens(1000);

        assertThat(gate.enter(tenant, Urgency.BULK, 0, 10_000_000)).isInstanceOf(Permit.class);
    }

    private static int admittedOf(int asked, AdmissionGate gate, Tenant tenant) {
        int admitted = 0;
        for (int i = 0; i < asked; i++) {
            admitted += enter(gate, tenant, Urgency.INTERACTIVE) instanceof Permit ? 1 : 0;
        }
        return admitted;
    }

    private static Admission enter(AdmissionGate gate, Tenant tenant, Urgency urgency) {
        return gate.enter(tenant, urgency, 0, 1000);
    }

    private AdmissionGate gate(int maxRequests, long maxTokens) {
        return new AdmissionGate(new AdmissionGate.Limits(maxRequests, maxTokens, 1000), tenants, new Backlog());
    }

    private Admission enter(AdmissionGate gate) {
        return gate.enter(tenants.unnamed(), Urgency.INTERACTIVE, 0, 1000);
    }
}
