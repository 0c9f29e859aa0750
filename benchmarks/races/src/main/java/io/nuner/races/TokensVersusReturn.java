package io.nuner.races;

import io.nuner.server.batching.Admission.Permit;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A permit takes its tokens while another thread returns it: everything goes back, once. */
@JCStressTest
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "nothing left in flight")
@Outcome(expect = Expect.FORBIDDEN, desc = "a request or tokens were lost or returned twice")
@State
public class TokensVersusReturn {
    private final OneTenantGate gate = new OneTenantGate(1, 10);
    private final Permit permit = gate.enter();

    @Actor
    public void takeTokens() {
        permit.takeTokens(7);
    }

    @Actor
    public void close() {
        permit.close();
    }

    @Arbiter
    public void count(II_Result result) {
        result.r1 = gate.requestsInFlight();
        result.r2 = (int) gate.tokensInFlight();
    }
}
