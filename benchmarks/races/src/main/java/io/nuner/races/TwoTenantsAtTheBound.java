package io.nuner.races;

import io.nuner.server.batching.Admission;
import io.nuner.server.batching.Admission.Permit;
import io.nuner.server.batching.AdmissionGate;
import io.nuner.server.batching.Backlog;
import io.nuner.server.batching.Tenant;
import io.nuner.server.batching.Tenants;
import io.nuner.server.batching.Urgency;
import java.util.Map;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** Two tenants want the one place that is left: at most one gets it, and everything goes back. */
@JCStressTest
@Outcome(
        id = {"1, 0, 0", "0, 1, 0"},
        expect = Expect.ACCEPTABLE,
        desc = "one got the place")
@Outcome(id = "0, 0, 0", expect = Expect.ACCEPTABLE_INTERESTING, desc = "each saw the other's attempt")
@Outcome(expect = Expect.FORBIDDEN, desc = "more than the bound was admitted, or something did not go back")
@State
public class TwoTenantsAtTheBound {
    private static final long FAR = Long.MAX_VALUE / 4;

    private final Tenants tenants = new Tenants(Map.of("one", 1, "two", 1), 0);
    private final Tenant one = tenants.named("one");
    private final Tenant two = tenants.named("two");
    private final AdmissionGate gate =
            new AdmissionGate(new AdmissionGate.Limits(2, 10, Long.MAX_VALUE), tenants, new Backlog());
    private final Permit before = (Permit) enter(tenants.unnamed());
    private Admission first = before;
    private Admission second = before;

    @Actor
    public void one() {
        first = enter(one);
    }

    @Actor
    public void two() {
        second = enter(two);
    }

    @Arbiter
    public void count(III_Result result) {
        result.r1 = close(first);
        result.r2 = close(second);
        before.close();
        int left = gate.requestsInFlight() + one.requestsInFlight() + two.requestsInFlight();
        result.r3 = left + (int) gate.tokensInFlight() + tenants.unnamed().requestsInFlight();
    }

    private Admission enter(Tenant tenant) {
        Admission admission = gate.enter(tenant, Urgency.INTERACTIVE, 0, FAR);
        return admission instanceof Permit permit && !permit.takeTokens(1) ? closed(permit) : admission;
    }

    private static Admission closed(Permit permit) {
        permit.close();
        return permit;
    }

    private static int close(Admission admission) {
        if (admission instanceof Permit permit) {
            permit.close();
            return 1;
        }
        return 0;
    }
}
