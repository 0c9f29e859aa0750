package io.nuner.server;

import static io.nuner.server.RunningServer.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.common.util.concurrent.ListenableFuture;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.nuner.engine.EngineException;
import io.nuner.engine.testing.FakeEngine;
import io.nuner.server.config.ServerConfig;
import io.nuner.server.config.WatchdogConfig;
import io.nuner.v1.ExtractResponse;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What callers and the operator see of an engine that does not come back. Prints how long it took. */
@Timeout(30)
class HungEngineTest {
    private static final Duration SOFT = Duration.ofMillis(300);
    private static final ServerConfig CONFIG = RunningServer.CONFIG.toBuilder()
            .watchdog(new WatchdogConfig(SOFT, Duration.ofMillis(900)))
            .build();
    private static final ServerConfig NEVER_GIVES_UP = RunningServer.CONFIG.toBuilder()
            .watchdog(new WatchdogConfig(SOFT, Duration.ofHours(1)))
            .build();

    private final CountDownLatch release = new CountDownLatch(1);
    private final CountDownLatch hanging = new CountDownLatch(1);

    @AfterEach
    void letGo() {
        release.countDown();
    }

    @Test
    void aSlowRunMakesTheServerNotServingUntilItComesBack() throws Exception {
        try (RunningServer running = RunningServer.start(NEVER_GIVES_UP)) {
            Iterator<HealthCheckResponse> health = watchHealth(running);
            assertThat(health.next().getStatus()).isEqualTo(ServingStatus.SERVING);
            hangOnce(running.engine);
            ListenableFuture<ExtractResponse> slow = running.futureStub().extract(request("one", "city"));
            hanging.await();
            long start = System.nanoTime();

            assertThat(health.next().getStatus()).isEqualTo(ServingStatus.NOT_SERVING);
            long noticed = System.nanoTime() - start;
            release.countDown();
            assertThat(health.next().getStatus()).isEqualTo(ServingStatus.SERVING);

            System.out.printf("soft limit %s: NOT_SERVING after %d ms%n", SOFT, noticed / 1_000_000);
            assertThat(noticed).as("ns until NOT_SERVING").isLessThan(2 * SOFT.toNanos());
            assertThat(slow.get().getUsage().getWords()).isEqualTo(1);
            assertThat(running.stub().extract(request("two", "city")).getUsage().getWords())
                    .isEqualTo(1);
            assertThat(running.server.laneIncidents().slow()).isEqualTo(1);
            assertThat(running.server.laneIncidents().lost()).isZero();
        }
    }

    @Test
    void whoeverWaitsIsSentElsewhereOnceTheOnlyLaneIsSlow() throws Exception {
        try (RunningServer running = RunningServer.start(NEVER_GIVES_UP)) {
            hangOnce(running.engine);
            ListenableFuture<ExtractResponse> stuck = running.futureStub().extract(request("one", "city"));
            hanging.await();
            long start = System.nanoTime();

            Status.Code waited = codeOf(running.futureStub().extract(request("two", "city")));
            long answered = System.nanoTime() - start;
            Status.Code arrived = codeOf(running.futureStub().extract(request("three", "city")));

            System.out.printf("soft limit %s: waiting calls answered after %d ms%n", SOFT, answered / 1_000_000);
            assertThat(waited).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(arrived).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(answered).as("ns until UNAVAILABLE").isLessThan(2 * SOFT.toNanos());
            assertThat(stuck.isDone()).isFalse();
            release.countDown();
            assertThat(stuck.get().getUsage().getWords()).isEqualTo(1);
            assertThat(running.engine.rows()).isEqualTo(1);
        }
    }

    @Test
    void aHungLaneIsReplacedAndWhatItReturnsLateIsDropped() throws Exception {
        try (RunningServer running = RunningServer.start(CONFIG)) {
            Iterator<HealthCheckResponse> health = watchHealth(running);
            assertThat(health.next().getStatus()).isEqualTo(ServingStatus.SERVING);
            hangOnce(running.engine);
            ListenableFuture<ExtractResponse> stuck = running.futureStub().extract(request("one", "city"));
            hanging.await();

            assertThat(health.next().getStatus()).isEqualTo(ServingStatus.NOT_SERVING);
            assertThat(codeOf(stuck)).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(health.next().getStatus()).isEqualTo(ServingStatus.SERVING);
            assertThat(running.engine.runs()).as("the hung run and the trial").isEqualTo(2);
            assertThat(running.engine.openLanes()).isEqualTo(1);
            release.countDown();

            for (int call = 0; call < 100; call++) { // the late thread reports nothing: two lanes would share batches
                assertThat(running.stub()
                                .extract(request("two", "city"))
                                .getUsage()
                                .getWords())
                        .isEqualTo(1);
            }
            assertThat(running.engine.rows()).isEqualTo(102);
            assertThat(running.engine.openLanes()).isEqualTo(1);
            assertThat(running.server.laneIncidents().replaced()).isEqualTo(1);
            assertThat(running.server.requestsInFlight()).isZero();
            assertThat(running.server.tokensInFlight()).isZero();
            assertThat(running.engineLost).isNotDone();
        }
    }

    @Test
    void anotherLaneWorksOnWhileOneHangs() throws Exception {
        try (RunningServer running = RunningServer.start(NEVER_GIVES_UP, new FakeEngine(RunningServer.LIMITS, 2))) {
            Iterator<HealthCheckResponse> health = watchHealth(running);
            health.next();
            hangOnce(running.engine);
            ListenableFuture<ExtractResponse> stuck = running.futureStub().extract(request("one", "city"));
            hanging.await();
            assertThat(health.next().getStatus()).isEqualTo(ServingStatus.NOT_SERVING);

            assertThat(running.stub().extract(request("two", "city")).getUsage().getWords())
                    .isEqualTo(1);

            release.countDown();
            assertThat(stuck.get().getUsage().getWords()).isEqualTo(1);
        }
    }

    @Test
    void anEngineThatHangsAgainIsLost() throws Exception {
        try (RunningServer running = RunningServer.start(CONFIG)) {
            hang(running.engine);
            ListenableFuture<ExtractResponse> stuck = running.futureStub().extract(request("one", "city"));

            assertThat(codeOf(stuck)).isEqualTo(Status.Code.UNAVAILABLE);
            EngineException lost = (EngineException) running.engineLost.get(10, TimeUnit.SECONDS);

            assertThat(lost.kind()).isEqualTo(EngineException.Kind.HUNG);
            assertThat(lost.getStackTrace()).as("says where the thread is").isNotEmpty();
            assertThat(codeOf(running.futureStub().extract(request("two", "city"))))
                    .isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(running.server.laneIncidents().lost()).isEqualTo(2);
            long start = System.nanoTime();
            running.server.close();
            assertThat(System.nanoTime() - start)
                    .as("ns to stop; no thread is waited for")
                    .isLessThan(Duration.ofSeconds(4).toNanos());
            assertThat(running.engine.isClosed())
                    .as("never under a running thread")
                    .isFalse();
        }
    }

    @Test
    void anEngineThatCannotReplaceALaneIsLost() throws Exception {
        try (RunningServer running = RunningServer.start(CONFIG)) {
            running.engine.onReplace(() -> {
                throw EngineException.cannotOpen("no room for another", new IllegalStateException());
            });
            hang(running.engine);
            ListenableFuture<ExtractResponse> stuck = running.futureStub().extract(request("one", "city"));

            assertThat(codeOf(stuck)).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(((EngineException) running.engineLost.get(10, TimeUnit.SECONDS)).kind())
                    .isEqualTo(EngineException.Kind.HUNG);
        }
    }

    private void hangOnce(FakeEngine engine) {
        AtomicInteger runs = new AtomicInteger();
        engine.onRun(batch -> {
            if (runs.getAndIncrement() == 0) {
                hangUntilReleased();
            }
        });
    }

    private void hang(FakeEngine engine) {
        engine.onRun(batch -> hangUntilReleased());
    }

    private void hangUntilReleased() {
        hanging.countDown();
        boolean released = false;
        while (!released) {
            try {
                release.await();
                released = true;
            } catch (InterruptedException e) {
                // native code does not hear it
            }
        }
    }

    private static Iterator<HealthCheckResponse> watchHealth(RunningServer running) {
        return HealthGrpc.newBlockingStub(running.channel)
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .watch(HealthCheckRequest.newBuilder()
                        .setService("nuner.v1.NerService")
                        .build());
    }

    private static Status.Code codeOf(ListenableFuture<ExtractResponse> call) {
        ExecutionException failure =
                catchThrowableOfType(ExecutionException.class, () -> call.get(10, TimeUnit.SECONDS));
        return Status.fromThrowable(failure).getCode();
    }
}
