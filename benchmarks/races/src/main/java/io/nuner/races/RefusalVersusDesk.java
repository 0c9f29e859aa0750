package io.nuner.races;

import io.nuner.engine.RowLogits;
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

/** Texts are refused while the desk that tells their receivers works and closes: each receiver is told once. */
public final class RefusalVersusDesk {
    private RefusalVersusDesk() {}

    /** The desk closes while replies come to it. */
    @JCStressTest
    @Outcome(id = "1, 1, 0", expect = Expect.ACCEPTABLE, desc = "both told once, no request left in flight")
    @Outcome(expect = Expect.FORBIDDEN, desc = "a receiver was told twice or never, or its permit was lost")
    @State
    public static class Closing extends Refusals {
        @Actor
        public void refuse() {
            first.reject(Rejection.EXPIRED);
            second.reject(Rejection.EXPIRED);
        }

        @Actor
        public void close() {
            desk.close();
            work.run();
        }

        @Arbiter
        public void count(III_Result result) {
            write(result);
        }
    }

    /** The desk works, and goes to sleep and wakes up again, while replies come to it. */
    @JCStressTest
    @Outcome(id = "1, 1, 0", expect = Expect.ACCEPTABLE, desc = "both told once, no request left in flight")
    @Outcome(expect = Expect.FORBIDDEN, desc = "a receiver was told twice or never, or its permit was lost")
    @State
    public static class Working extends Refusals {
        @Actor
        public void refuse() {
            first.reject(Rejection.EXPIRED);
            second.reject(Rejection.EXPIRED);
            desk.close();
        }

        /** Interrupted, because the desk wakes up its own thread, which this is not: then it does not sleep. */
        @Actor
        public void work() {
            Thread.currentThread().interrupt();
            work.run();
            if (!Thread.interrupted()) {
                throw new IllegalStateException("nobody else may take the interrupt");
            }
        }

        @Arbiter
        public void count(III_Result result) {
            write(result);
        }
    }

    /** Two threads refuse at once, and the desk works when they have. */
    @JCStressTest
    @Outcome(id = "1, 1, 0", expect = Expect.ACCEPTABLE, desc = "both told once, no request left in flight")
    @Outcome(expect = Expect.FORBIDDEN, desc = "a receiver was told twice or never, or its permit was lost")
    @State
    public static class TwoAtOnce extends Refusals {
        @Actor
        public void refuseFirst() {
            first.reject(Rejection.EXPIRED);
        }

        @Actor
        public void refuseSecond() {
            second.reject(Rejection.EXPIRED);
        }

        @Arbiter
        public void count(III_Result result) {
            desk.close();
            work.run();
            write(result);
        }
    }

    /** A desk whose work is done by whoever runs it, and two replies that go there. */
    abstract static class Refusals {
        private final OneTenantGate gate = new OneTenantGate(2, 10);
        private final Counting firstTold = new Counting();
        private final Counting secondTold = new Counting();

        final Captured work = new Captured();
        final Reply.Desk desk = new Reply.Desk(work::as, defect -> {
            throw new IllegalStateException(defect);
        });
        final Reply first = new Reply(gate.enter(), firstTold, desk);
        final Reply second = new Reply(gate.enter(), secondTold, desk);

        final void write(III_Result result) {
            result.r1 = firstTold.times.get();
            result.r2 = secondTold.times.get();
            result.r3 = gate.requestsInFlight();
        }
    }

    /** What the desk's thread would do. */
    static final class Captured {
        private Runnable body = () -> {};

        /** A thread that is never started. */
        Thread as(Runnable work) {
            body = work;
            return new Unstarted();
        }

        void run() {
            body.run();
        }
    }

    private static final class Unstarted extends Thread {
        @Override
        public synchronized void start() {
            // the actors do its work
        }
    }

    private static final class Counting implements Reply.Receiver {
        private final AtomicInteger times = new AtomicInteger();

        @Override
        public void onScored(RowLogits logits, BatchRun run) {
            times.addAndGet(10); // nobody scores
        }

        @Override
        public void onRefused(Refusal refusal) {
            times.incrementAndGet();
        }
    }
}
