package io.nuner.server.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nuner.engine.PackedBatch;
import io.nuner.engine.TokenRow;
import io.nuner.server.batching.Batch;
import io.nuner.server.batching.Batcher;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Callers give up at any time, uniformly over the life of a call, while every thread on its way is held up now and then:
 * before the ring, in the ring, between decision and lane, in the engine, before the answer. Prints where they hit.
 */
class CancelAtEveryStateTest {
    private static final long SEED = 20_261_126L;
    private static final int IN_FLIGHT = 32;
    private static final long LIFE_MICROS = 5_000;

    private static final int PUBLISHED = 1;
    private static final int LAUNCHED = 2;
    private static final int RUNNING = 3;
    private static final int SCORED = 4;
    private static final List<String> STATES =
            List.of("before the ring", "in the ring", "in a batch", "running", "scored");

    @Test
    @Timeout(60)
    void aCancelledCallIsAnsweredOnceAndLeavesNothingBehind() throws Exception {
        cancelAtRandom(2_000);
    }

    @Test
    @Tag("long")
    @Timeout(600)
    void manyCancelledCallsAreAnsweredOnceAndLeaveNothingBehind() throws Exception {
        cancelAtRandom(100_000);
    }

    @Test
    void aShareThatIsNotReturnedWouldBeNoticed() throws Exception {
        RigCall[] calls = new RigCall[1];
        try (LaneRig rig = new LaneRig(1, LaneRig.PATIENT, LaneRig.Pauses.none(), told -> {})) {
            calls[0] = new RigCall(0, rig, () -> {});
            assertThat(rig.ring.offer(calls[0].pending)).isTrue();
            calls[0].await();
            rig.enter(1); // and nobody returns it

            assertThatThrownBy(() -> verify(rig, calls)).hasMessageContaining("permits held");
        }
    }

    @Test
    void aCallThatIsNeverAnsweredWouldBeNoticed() throws Exception {
        try (LaneRig rig = new LaneRig(1, LaneRig.PATIENT, LaneRig.Pauses.none(), told -> {})) {
            RigCall[] calls = {new RigCall(0, rig, () -> {})}; // and nobody publishes it

            assertThatThrownBy(() -> verify(rig, calls)).hasMessageContaining("answers of call 0");
        }
    }

    private static void cancelAtRandom(int count) throws Exception {
        RigCall[] calls = new RigCall[count];
        HoldUps pauses = new HoldUps(calls);
        ScheduledExecutorService cancels = Executors.newScheduledThreadPool(2);
        try (LaneRig rig = new LaneRig(2, LaneRig.PATIENT, pauses, told -> {})) {
            rig.engine.onRun(batch -> {
                reached(calls, batch, RUNNING);
                pauses.maybe();
            });
            rig.engine.onOutput(logits -> {
                reached(calls, logits.batch(), SCORED);
                return logits;
            });
            List<Future<?>> scheduled = callAll(calls, rig, pauses, cancels);
            for (RigCall call : calls) {
                call.await();
            }
            for (Future<?> cancel : scheduled) {
                cancel.get(20, TimeUnit.SECONDS);
            }

            report(rig, calls);
            verify(rig, calls);
            verifyCancelledBeforeLaunchNeverRun(rig, calls);
            assertThat(hits(calls)).as("cancels by state, seed %s", SEED).doesNotContain(0L);
            pauses.end();
            RigCall last = new RigCall(count, rig, () -> {});
            assertThat(rig.ring.offer(last.pending)).isTrue();
            assertThat(last.await()).isEqualTo("scored");
        } finally {
            cancels.shutdownNow();
        }
    }

    private static List<Future<?>> callAll(
            RigCall[] calls, LaneRig rig, HoldUps pauses, ScheduledExecutorService cancels)
            throws InterruptedException {
        Random random = new Random(SEED);
        Semaphore places = new Semaphore(IN_FLIGHT);
        List<Future<?>> scheduled = new ArrayList<>();
        for (int number = 0; number < calls.length; number++) {
            places.acquire();
            RigCall call = new RigCall(number, rig, places::release);
            calls[number] = call;
            scheduled.add(cancels.schedule(call::cancel, random.nextInt((int) LIFE_MICROS), TimeUnit.MICROSECONDS));
            pauses.maybe();
            if (!rig.ring.offer(call.pending)) {
                throw new AssertionError("the ring is too small for the test");
            }
            call.reached(PUBLISHED);
        }
        return scheduled;
    }

    private static void reached(RigCall[] calls, PackedBatch batch, int state) {
        for (TokenRow row : batch.rows()) {
            int number = RigCall.number(row);
            if (number < calls.length) {
                calls[number].reached(state);
            }
        }
    }

    private static void verify(LaneRig rig, RigCall... calls) {
        for (int number = 0; number < calls.length; number++) {
            assertThat(calls[number].answers)
                    .as("answers of call %s, seed %s", number, SEED)
                    .hasSize(1);
        }
        assertThat(rig.told).isEmpty();
        assertThat(rig.gate.requestsInFlight()).as("permits held").isZero();
        assertThat(rig.gate.tokensInFlight()).as("tokens held").isZero();
    }

    private static void verifyCancelledBeforeLaunchNeverRun(LaneRig rig, RigCall... calls) {
        for (int number : (Iterable<Integer>) ran(rig).boxed()::iterator) {
            RigCall call = calls[number];
            boolean tooLate = call.cancelledIn >= 0 && call.cancelledNanos - call.launchedNanos < 0;
            assertThat(tooLate)
                    .as("call %s ran though it was cancelled before its batch left, seed %s", number, SEED)
                    .isFalse();
        }
    }

    private static IntStream ran(LaneRig rig) {
        return rig.engine.batches().stream()
                .flatMap(batch -> batch.rows().stream())
                .mapToInt(RigCall::number);
    }

    private static long[] hits(RigCall... calls) {
        long[] hits = new long[STATES.size()];
        for (RigCall call : calls) {
            if (call.cancelledIn >= 0) {
                hits[call.cancelledIn]++;
            }
        }
        return hits;
    }

    private static void report(LaneRig rig, RigCall... calls) {
        long inVain = ran(rig).filter(number -> calls[number].cancelledIn >= 0).count();
        System.out.printf(
                "%d calls, %d rows run, %d of them for cancelled calls; cancels %s: %s%n",
                calls.length, rig.engine.rows(), inVain, STATES, Arrays.toString(hits(calls)));
    }

    /** Holds a thread up in one case of four, and notes when batches leave. Any thread. */
    private static final class HoldUps implements LaneRig.Pauses {
        private final RigCall[] calls;
        private volatile boolean ended;

        private HoldUps(RigCall... calls) {
            this.calls = calls;
        }

        void end() {
            ended = true;
        }

        @Override
        public void maybe() {
            ThreadLocalRandom random = ThreadLocalRandom.current();
            if (!ended && random.nextInt(4) == 0) {
                LockSupport.parkNanos(random.nextInt(500_000));
            }
        }

        /** Rarely: the batcher looks at its clock for every event, and every call waits for it. */
        @Override
        public LongSupplier inRing() {
            return () -> {
                if (ThreadLocalRandom.current().nextInt(32) == 0) {
                    maybe();
                }
                return System.nanoTime();
            };
        }

        @Override
        public Batcher.Observer observer() {
            return new Batcher.Observer() {
                @Override
                public void launched(Batch batch) {
                    for (int row = 0; row < batch.size(); row++) {
                        int number = RigCall.number(batch.get(row).row());
                        if (number < calls.length) {
                            calls[number].reached(LAUNCHED);
                        }
                    }
                    maybe();
                    for (int row = 0; row < batch.size(); row++) {
                        int number = RigCall.number(batch.get(row).row());
                        if (number < calls.length) {
                            calls[number].launchedNanos = System.nanoTime();
                        }
                    }
                }

                @Override
                public void finished(Batch batch) {
                    // of no interest
                }
            };
        }
    }
}
