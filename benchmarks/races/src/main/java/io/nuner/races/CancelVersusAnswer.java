package io.nuner.races;

import io.nuner.engine.RowLogits;
import io.nuner.server.batching.Admission.Permit;
import io.nuner.server.batching.BatchRun;
import io.nuner.server.batching.Refusal;
import io.nuner.server.batching.Rejection;
import io.nuner.server.batching.Reply;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** The caller cancels while the answer is on its way: one of them wins, and the permit goes back once. */
@JCStressTest
@Outcome(id = "1, 0, 0", expect = Expect.ACCEPTABLE, desc = "one answer, no request and no token left in flight")
@Outcome(expect = Expect.FORBIDDEN, desc = "answered twice or never, or a permit was lost or returned twice")
@State
public class CancelVersusAnswer {
    private final OneTenantGate gate = new OneTenantGate(1, 10);
    private final AtomicInteger answers = new AtomicInteger();
    private final Reply reply;

    public CancelVersusAnswer() {
        Permit permit = gate.enter();
        if (!permit.takeTokens(7)) {
            throw new IllegalStateException("an empty gate must have room");
        }
        reply = new Reply(permit, new Counting(answers));
    }

    @Actor
    public void cancel() {
        reply.reject(Rejection.CANCELLED);
    }

    @Actor
    public void answer() {
        reply.score(RowLogits.wrap(1, 1, 1, new float[1]), new BatchRun(0, 0, 1, 7, 7));
    }

    @Arbiter
    public void count(III_Result result) {
        result.r1 = answers.get();
        result.r2 = gate.requestsInFlight();
        result.r3 = (int) gate.tokensInFlight();
    }

    private record Counting(AtomicInteger answers) implements Reply.Receiver {
        @Override
        public void onScored(RowLogits logits, BatchRun run) {
            answers.incrementAndGet();
        }

        @Override
        public void onRefused(Refusal refusal) {
            answers.incrementAndGet();
        }
    }
}
