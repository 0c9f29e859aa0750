package io.nuner.server.batching;

import com.lmax.disruptor.AlertException;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.SequenceBarrier;
import com.lmax.disruptor.TimeoutException;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.J_Result;

/** A writer publishes while the batcher goes to sleep. In the batcher's package, because its wait strategy is no one else's. */
@JCStressTest
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "the batcher saw what was published")
@Outcome(id = "-1", expect = Expect.FORBIDDEN, desc = "a wake-up was lost: the batcher slept until its alarm")
@State
public class WakeUpVersusSleep {
    private static final long LONG_NANOS = 500_000_000L;

    private final BatcherRing.AlarmWaitStrategy strategy =
            new BatcherRing.AlarmWaitStrategy(() -> System.nanoTime() + LONG_NANOS);
    private final Sequence cursor = new Sequence(-1);

    @Actor
    public void writer() {
        cursor.set(0);
        strategy.signalAllWhenBlocking();
    }

    @Actor
    public void batcher(J_Result result) {
        try {
            result.r1 = strategy.waitFor(0, cursor, cursor, NeverAlerted.BARRIER);
        } catch (TimeoutException e) {
            result.r1 = -1;
        } catch (AlertException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A barrier that nobody alerts. */
    private enum NeverAlerted implements SequenceBarrier {
        BARRIER;

        @Override
        public long waitFor(long sequence) {
            return sequence;
        }

        @Override
        public long getCursor() {
            return 0;
        }

        @Override
        public boolean isAlerted() {
            return false;
        }

        @Override
        public void alert() {
            // nobody does
        }

        @Override
        public void clearAlert() {
            // nothing to clear
        }

        @Override
        public void checkAlert() {
            // never alerted
        }
    }
}
