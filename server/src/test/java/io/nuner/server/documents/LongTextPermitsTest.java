package io.nuner.server.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.common.util.concurrent.ListenableFuture;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.nuner.engine.EngineException;
import io.nuner.engine.testing.FakeEngine;
import io.nuner.engine.testing.Scoring;
import io.nuner.server.RunningServer;
import io.nuner.server.Waiting;
import io.nuner.server.config.MetricsConfig;
import io.nuner.server.config.ServerConfig;
import io.nuner.v1.ExtractDocumentRequest;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.ExtractResponse;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A long text takes few permits at a time and gives all of them back, however it ends. */
class LongTextPermitsTest {
    private static final int WINDOWS = 20;
    private static final ExtractRequest BOOK =
            RunningServer.request("Ada met Bob in Rome. ".repeat(60 * WINDOWS), "person", "city");
    private static final ServerConfig COUNTING =
            RunningServer.CONFIG.toBuilder().metrics(MetricsConfig.on(0)).build();

    @Test
    void fewRowsAreInFlightAtOnce() throws Exception {
        AtomicInteger most = new AtomicInteger();
        try (RunningServer running = RunningServer.start()) {
            running.engine.onRun(batch -> most.accumulateAndGet(running.server.requestsInFlight(), Math::max));

            running.stub().extract(BOOK);

            assertThat(most.get()).isBetween(2, 4);
            assertNothingIsLeft(running);
        }
    }

    @Test
    void rowsWaitForRoomRatherThanBeingRefused() throws Exception {
        ServerConfig config = RunningServer.CONFIG.toBuilder()
                .load(RunningServer.CONFIG.load().holding(5, 100_000))
                .build();
        try (RunningServer running = RunningServer.start(config)) {
            CountDownLatch started = new CountDownLatch(1);
            CountDownLatch release = new CountDownLatch(1);
            running.holdRuns(started, release);
            ListenableFuture<ExtractResponse> first = running.futureStub().extract(BOOK);
            Waiting.until(() -> running.server.requestsInFlight() == 4);
            ListenableFuture<ExtractResponse> second = running.futureStub().extract(BOOK);
            Waiting.until(() -> running.server.requestsInFlight() == 5);

            assertThat(refusal(running, RunningServer.request("Ada", "person"))
                            .getStatus()
                            .getCode())
                    .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            release.countDown();

            assertThat(second.get(20, TimeUnit.SECONDS).getEntitiesList())
                    .isEqualTo(first.get(20, TimeUnit.SECONDS).getEntitiesList());
            assertNothingIsLeft(running);
        }
    }

    @Test
    void anAnswerThatGrowsTooLargeEndsTheWorkEarly() throws Exception {
        try (RunningServer running = RunningServer.start(COUNTING)) {
            running.engine.score(Scoring.constant(3));
            String text = "Ada ".repeat(30_000);
            ExtractRequest request = RunningServer.request(text, "person");

            StatusRuntimeException refusal = refusal(running, request);

            assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
            assertThat(refusal.getStatus().getDescription())
                    .contains("more than the limit of 10000")
                    .contains("ExtractDocument");
            assertThat(running.engine.rows()).isLessThan(60);
            assertThat(document(running, request).entities()).hasSize(30_000);
            assertNothingIsLeft(running);
            assertThat(running.requestsCounted()).isEqualTo(2);
        }
    }

    @Test
    void aTextThatCannotBeInTimeIsRefusedBeforeItRuns() throws Exception {
        FakeEngine slow = new FakeEngine(RunningServer.LIMITS, 1);
        slow.onRun(batch -> Waiting.pause());
        try (RunningServer running = RunningServer.start(COUNTING, slow)) {
            StatusRuntimeException refusal = catchThrowableOfType(
                    StatusRuntimeException.class,
                    () -> running.stub()
                            .withDeadlineAfter(50, TimeUnit.MILLISECONDS)
                            .extract(RunningServer.request("Ada ".repeat(200_000), "person")));

            assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
            Waiting.until(() -> running.requestsCounted() == 1);
            assertThat(running.engine.rows()).isLessThan(50);
            assertNothingIsLeft(running);
        }
    }

    @Test
    void anEngineThatFailsInTheMiddleFailsTheTextOnce() throws Exception {
        try (RunningServer running = RunningServer.start(COUNTING)) {
            AtomicInteger runs = new AtomicInteger();
            running.engine.onRun(batch -> {
                if (runs.incrementAndGet() >= 3) {
                    throw EngineException.batchFailed("on purpose", new IllegalStateException());
                }
            });

            StatusRuntimeException refusal = refusal(running, BOOK);

            assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.INTERNAL);
            assertNothingIsLeft(running);
            assertThat(running.requestsCounted()).isEqualTo(1);
            assertThat(running.engine.rows()).isLessThan(WINDOWS);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void aCallerWhoGivesUpEndsTheWork(int run) throws Exception {
        try (RunningServer running = RunningServer.start(COUNTING)) {
            CountDownLatch started = new CountDownLatch(run);
            CountDownLatch release = new CountDownLatch(1);
            running.engine.onRun(batch -> {
                started.countDown();
                if (started.getCount() == 0) {
                    awaitQuietly(release);
                }
            });
            ListenableFuture<ExtractResponse> call = running.futureStub().extract(BOOK);
            started.await();

            call.cancel(true);
            Waiting.until(() -> running.requestsCounted() == 1); // the server knows of it, and the engine still runs
            release.countDown();

            assertNothingIsLeft(running);
            assertThat(running.engine.rows()).isLessThan(WINDOWS + 1);
            running.engine.onRun(batch -> {});
            assertThat(running.stub().extract(BOOK).getUsage().getWindows()).isGreaterThan(WINDOWS);
        }
    }

    @Test
    void aDeadlineThatPassesEndsTheWork() throws Exception {
        try (RunningServer running = RunningServer.start(COUNTING)) {
            CountDownLatch started = new CountDownLatch(2);
            CountDownLatch release = new CountDownLatch(1);
            running.engine.onRun(batch -> {
                started.countDown();
                if (started.getCount() == 0) {
                    awaitQuietly(release);
                }
            });
            ListenableFuture<ExtractResponse> call = running.futureStub()
                    .withDeadlineAfter(500, TimeUnit.MILLISECONDS)
                    .extract(BOOK);

            ExecutionException failure = catchThrowableOfType(ExecutionException.class, call::get);
            Waiting.until(() -> running.requestsCounted() == 1);
            release.countDown();

            assertThat(Status.fromThrowable(failure).getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
            assertNothingIsLeft(running);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void assertNothingIsLeft(RunningServer running) {
        Waiting.until(() -> running.server.requestsInFlight() == 0 && running.server.tokensInFlight() == 0);
    }

    private static StatusRuntimeException refusal(RunningServer running, ExtractRequest request) {
        return catchThrowableOfType(
                StatusRuntimeException.class, () -> running.stub().extract(request));
    }

    private static Document document(RunningServer running, ExtractRequest request) {
        Document document = new Document();
        running.stub()
                .extractDocument(
                        ExtractDocumentRequest.newBuilder().setRequest(request).build())
                .forEachRemaining(document::add);
        assertThat(document.isComplete()).isTrue();
        return document;
    }
}
