package io.nuner.server.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.engine.EngineException;
import io.nuner.server.Waiting;
import io.nuner.server.execution.LaneRig.Pauses;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EngineLanesTest {
    private static final RunLimits QUICK =
            new RunLimits(TimeUnit.MILLISECONDS.toNanos(100), TimeUnit.MILLISECONDS.toNanos(300));

    @Test
    void aLaneWhoseThreadDiesIsReplacedAndItsBatchAnswered() throws Exception {
        AtomicInteger deaths = new AtomicInteger(3); // batch failed, defect, a lane ended: no handler is left
        try (LaneRig rig = new LaneRig(1, LaneRig.PATIENT, Pauses.none(), told -> {
            if (deaths.getAndDecrement() > 0) {
                throw new AssertionError("scripted");
            }
        })) {
            rig.engine.failOnceWith(() -> EngineException.batchFailed("scripted"));
            RigCall first = call(rig, 1);

            assertThat(first.await()).isIn("DEFECT", "ENGINE_LOST");
            assertThat(answerOnceReplaced(rig)).isEqualTo("scored");
            assertThat(rig.told).contains("a lane ended", "not serving", "a lane is given up and replaced");
            assertThat(rig.engine.openLanes()).isEqualTo(1);
            assertThat(rig.gate.requestsInFlight()).isZero();
        }
    }

    @Test
    void anErrorOfOurOwnFailsItsBatchOnly() throws Exception {
        AtomicInteger errors = new AtomicInteger(1);
        try (LaneRig rig = new LaneRig(1, LaneRig.PATIENT, Pauses.none(), told -> {
            if (errors.getAndDecrement() > 0) {
                throw new AssertionError("scripted");
            }
        })) {
            rig.engine.failOnceWith(() -> EngineException.batchFailed("scripted"));

            assertThat(call(rig, 1).await()).isEqualTo("DEFECT");
            assertThat(call(rig, 2).await()).isEqualTo("scored");
            assertThat(rig.told).containsExactly("batch failed", "defect");
        }
    }

    @Test
    void everyWaitingCallIsAnsweredAtOnceWhenTheLastLaneIsGone() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        CountDownLatch hanging = new CountDownLatch(1);
        try (LaneRig rig = new LaneRig(1, QUICK, Pauses.none(), told -> {})) {
            rig.engine.onReplace(() -> awaitQuietly(over));
            rig.engine.onRun(batch -> {
                hanging.countDown();
                awaitQuietly(over);
            });
            RigCall hung = call(rig, 1);
            hanging.await();
            List<RigCall> waiting = new ArrayList<>();
            for (int number = 2; number < 50; number++) {
                waiting.add(call(rig, number));
            }

            assertThat(hung.await()).isEqualTo("ENGINE_LOST");
            for (RigCall one : waiting) {
                assertThat(one.await()).isEqualTo("ENGINE_LOST");
            }
            assertThat(call(rig, 50).await()).as("while the replacement opens").isEqualTo("ENGINE_LOST");
            assertThat(rig.gate.requestsInFlight()).isZero();
            assertThat(rig.engine.runs()).isEqualTo(1);
            over.countDown();
        } finally {
            over.countDown();
        }
    }

    @Test
    void twoLanesAreReplacedTwice() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (LaneRig rig = new LaneRig(2, QUICK, Pauses.none(), told -> {})) {
            AtomicInteger runs = new AtomicInteger();
            CountDownLatch hanging = new CountDownLatch(1);
            rig.engine.onRun(batch -> {
                if (runs.getAndIncrement() < 2) {
                    hanging.countDown();
                    awaitQuietly(over);
                }
            });
            RigCall first = call(rig, 1);
            hanging.await(); // or they would share a batch
            RigCall second = call(rig, 2);

            assertThat(first.await()).isEqualTo("ENGINE_LOST");
            assertThat(second.await()).isEqualTo("ENGINE_LOST");
            assertThat(answerOnceReplaced(rig)).isEqualTo("scored");
            assertThat(rig.lanes.incidents().lost()).isEqualTo(2);
            assertThat(rig.engine.openLanes()).isEqualTo(2);
            assertThat(rig.told).doesNotContain("engine lost");
            over.countDown();
        } finally {
            over.countDown();
        }
    }

    @Test
    void aReceiverThatThrowsDoesNotKeepALaneFromBeingReplaced() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (LaneRig rig = new LaneRig(1, QUICK, Pauses.none(), told -> {})) {
            AtomicInteger runs = new AtomicInteger();
            rig.engine.onRun(batch -> {
                if (runs.getAndIncrement() == 0) {
                    awaitQuietly(over);
                }
            });
            RigCall broken = new RigCall(1, rig, () -> {
                throw new IllegalStateException("scripted");
            });
            assertThat(rig.ring.offer(broken.pending)).isTrue();

            assertThat(broken.await()).isEqualTo("ENGINE_LOST");
            assertThat(answerOnceReplaced(rig)).isEqualTo("scored");
            assertThat(rig.lanes.incidents().replaced()).isEqualTo(1);
        } finally {
            over.countDown();
        }
    }

    @Test
    void anInterruptionOfAnyThreadLosesNothing() throws Exception {
        try (LaneRig rig = new LaneRig(2, LaneRig.PATIENT, Pauses.none(), told -> {})) {
            List<RigCall> calls = new ArrayList<>();
            for (int number = 1; number <= 2000; number++) {
                if (number % 10 == 0) {
                    rig.threads().forEach(Thread::interrupt);
                }
                calls.add(call(rig, number));
            }

            for (RigCall one : calls) {
                assertThat(one.await()).isEqualTo("scored");
            }
            assertThat(rig.threads()).as("threads alive").allMatch(Thread::isAlive);
            assertThat(rig.told).as("faults").isEmpty();
            assertThat(rig.gate.requestsInFlight()).isZero();
        }
    }

    @Test
    void aWatchdogThatWasInterruptedSleepsOn() throws Exception {
        try (LaneRig rig = new LaneRig(1, LaneRig.PATIENT, Pauses.none(), told -> {})) {
            Thread watchdog = rig.threads().stream()
                    .filter(thread -> thread.getName().startsWith("watchdog"))
                    .findAny()
                    .orElseThrow();
            watchdog.interrupt();
            assertThat(call(rig, 1).await()).isEqualTo("scored");
            long start = System.nanoTime();
            while (watchdog.isInterrupted() && System.nanoTime() - start < TimeUnit.SECONDS.toNanos(10)) {
                Waiting.pause();
            }

            assertThat(watchdog.isInterrupted())
                    .as("a flag that stays makes every sleep end at once")
                    .isFalse();
        }
    }

    private static RigCall call(LaneRig rig, int number) {
        RigCall call = new RigCall(number, rig, () -> {});
        assertThat(rig.ring.offer(call.pending)).isTrue();
        return call;
    }

    private static String answerOnceReplaced(LaneRig rig) throws InterruptedException {
        long start = System.nanoTime();
        String answer;
        do {
            answer = call(rig, 1000).await();
            Waiting.pause();
        } while (answer.equals("ENGINE_LOST") && System.nanoTime() - start < TimeUnit.SECONDS.toNanos(10));
        return answer;
    }

    private static void awaitQuietly(CountDownLatch latch) {
        boolean done = false;
        while (!done) {
            try {
                latch.await();
                done = true;
            } catch (InterruptedException e) {
                // native code does not hear it
            }
        }
    }
}
