package io.nuner.races;

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
import org.openjdk.jcstress.infra.results.II_Result;

/** A tenant comes back while another one's call forgets the idle: its weight is counted once, and can be forgotten again. */
@JCStressTest
@Outcome(id = "3, 1", expect = Expect.ACCEPTABLE, desc = "weight 2 counted once beside weight 1, and gone later")
@Outcome(expect = Expect.FORBIDDEN, desc = "a weight was counted twice, lost or kept")
@State
public class TenantSeenVersusForgotten {
    private static final long FORGOTTEN_NANOS = 12_000_000_000L;
    private static final long FAR = Long.MAX_VALUE / 4;

    private final Tenants tenants = new Tenants(Map.of("heavy", 2), 0);
    private final AdmissionGate gate =
            new AdmissionGate(new AdmissionGate.Limits(10, 10, Long.MAX_VALUE), tenants, new Backlog());

    public TenantSeenVersusForgotten() {
        enter(tenants.named("heavy"), 0);
        enter(tenants.unnamed(), 0);
    }

    @Actor
    public void comesBack() {
        enter(tenants.named("heavy"), FORGOTTEN_NANOS);
    }

    @Actor
    public void forgets() {
        enter(tenants.unnamed(), FORGOTTEN_NANOS);
    }

    /** The one who comes back may have been forgotten just then; its next call counts it again. */
    @Arbiter
    public void count(II_Result result) {
        enter(tenants.named("heavy"), FORGOTTEN_NANOS);
        enter(tenants.unnamed(), FORGOTTEN_NANOS);
        result.r1 = (int) tenants.activeWeight();
        enter(tenants.unnamed(), 3 * FORGOTTEN_NANOS);
        result.r2 = (int) tenants.activeWeight();
    }

    private void enter(Tenant tenant, long nowNanos) {
        ((Permit) gate.enter(tenant, Urgency.INTERACTIVE, nowNanos, FAR)).close();
    }
}
