package io.nuner.cli.stop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class DrainTest {
    private final Drain drain = new Drain();

    @Test
    void aServerThatDoesNotServeYetStopsAtOnce() {
        assertThat(drain.stop(StopSignal.TERM)).isZero();
    }

    @Test
    void aStopLetsTheStepFinishThatHasBegun() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch finish = new CountDownLatch(1);
        AtomicBoolean finished = new AtomicBoolean();
        start(() -> {
            begun.countDown();
            finish.await();
            finished.set(true);
            return finished;
        });
        begun.await();

        CompletableFuture<Boolean> stopped = CompletableFuture.supplyAsync(() -> {
            drain.stop(StopSignal.TERM);
            return finished.get();
        });

        assertThat(stopped).isNotDone();
        finish.countDown();
        assertThat(stopped.get(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void noStepBeginsAfterAStop() {
        AtomicBoolean begun = new AtomicBoolean();
        drain.stop(StopSignal.INT);

        Thread late = start(() -> {
            begun.set(true);
            return begun;
        });

        while (late.getState() != Thread.State.WAITING) {
            LockSupport.parkNanos(1_000_000);
        }
        assertThat(begun).isFalse();
    }

    @Test
    void theExitCodeOfALostEngineOutlivesTheStop() {
        drain.lost(70);

        assertThat(drain.stop(StopSignal.TERM)).isEqualTo(70);
    }

    private Thread start(Drain.Step<AtomicBoolean, InterruptedException> step) {
        Thread thread = new Thread(() -> run(step));
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void run(Drain.Step<AtomicBoolean, InterruptedException> step) {
        try {
            drain.step(step);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
