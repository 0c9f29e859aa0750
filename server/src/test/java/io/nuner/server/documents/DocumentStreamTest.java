package io.nuner.server.documents;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.ErrorInfo;
import io.grpc.ConnectivityState;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.nuner.engine.EngineException;
import io.nuner.engine.testing.Scoring;
import io.nuner.server.RunningServer;
import io.nuner.server.Scrape;
import io.nuner.server.Waiting;
import io.nuner.server.config.MetricsConfig;
import io.nuner.server.config.ServerConfig;
import io.nuner.v1.Entity;
import io.nuner.v1.ExtractDocumentRequest;
import io.nuner.v1.ExtractDocumentResponse;
import io.nuner.v1.ExtractOptions;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.MergePolicy;
import io.nuner.v1.NerServiceGrpc;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A document is answered part by part, and ends as the contract says, whatever happens meanwhile. */
class DocumentStreamTest {
    private static final ServerConfig COUNTING =
            RunningServer.CONFIG.toBuilder().metrics(MetricsConfig.on(0)).build();
    private static final String SENTENCE = "Ada met Bob in Rome. ";
    private static final ExtractRequest BOOK = RunningServer.request(SENTENCE.repeat(1200), "person", "city");

    @Test
    void entitiesComeBeforeTheTextIsRead() throws Exception {
        try (RunningServer running = RunningServer.start()) {
            AtomicInteger runs = new AtomicInteger();
            CountDownLatch release = new CountDownLatch(1);
            running.engine.onRun(batch -> holdFrom(2, runs, release));
            Reader reader = Reader.of(running, BOOK, Integer.MAX_VALUE);

            Waiting.until(() -> reader.entities() > 0);
            assertThat(reader.ending).isNotDone();
            release.countDown();

            assertThat(reader.ending.get(20, TimeUnit.SECONDS)).isEqualTo(Status.Code.OK);
            assertThat(reader.document.safeUntil()).isEqualTo(BOOK.getText().length());
            assertThat(reader.document.messages()).isGreaterThan(3);
        }
    }

    private static void holdFrom(int run, AtomicInteger runs, CountDownLatch release) {
        if (runs.incrementAndGet() >= run) {
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Test
    void blankTextGivesTheLastMessageOnly() throws Exception {
        try (RunningServer running = RunningServer.start()) {
            Reader blank = Reader.of(running, RunningServer.request(" \n", "person"), 9);
            Reader unlabelled = Reader.of(running, RunningServer.request("Ada"), 9);

            assertThat(blank.ending.get(20, TimeUnit.SECONDS)).isEqualTo(Status.Code.OK);
            assertThat(unlabelled.ending.get(20, TimeUnit.SECONDS)).isEqualTo(Status.Code.OK);
            assertThat(blank.document.messages()).isEqualTo(1);
            assertThat(blank.document.safeUntil()).isEqualTo(2);
            assertThat(unlabelled.document.messages()).isEqualTo(1);
            assertThat(unlabelled.document.safeUntil()).isEqualTo(3);
            assertThat(running.engine.rows()).isZero();
        }
    }

    @Test
    void whatACallerDoesNotReadIsNotSearched() throws Exception {
        try (RunningServer running = RunningServer.start(COUNTING)) {
            running.engine.score(Scoring.constant(3));
            ExtractRequest request = RunningServer.request("Ada ".repeat(200_000), "person");
            Reader idle = Reader.of(running, request, 1);
            awaitStandstill(running);
            int rows = running.engine.rows();

            assertThat(running.stub().extract(BOOK).getUsage().getWindows()).isGreaterThan(20);
            assertThat(running.server.requestsInFlight()).isZero();
            assertThat(rows).as("of more than 600").isLessThan(400);
            assertThat(running.server.unsentAnswerBytes()).isLessThan(1 << 20);
            idle.call.request(Integer.MAX_VALUE);

            assertThat(idle.ending.get(20, TimeUnit.SECONDS)).isEqualTo(Status.Code.OK);
            assertThat(idle.document.entities()).hasSize(200_000);
            Waiting.until(() -> running.requestsCounted() == 2);
            Waiting.until(() -> running.server.unsentAnswerBytes() == 0);
        }
    }

    @Test
    void entitiesThatWaitForTheirReaderCount() throws Exception {
        try (RunningServer running = RunningServer.start(COUNTING)) {
            running.engine.score(Scoring.constant(3));
            String[] labels = IntStream.range(0, 60).mapToObj(i -> "label " + i).toArray(String[]::new);
            ExtractRequest request = RunningServer.request("Ada, ".repeat(2_000), labels).toBuilder()
                    .setOptions(ExtractOptions.newBuilder()
                            .setMultiLabel(true)
                            .setMergePolicy(MergePolicy.MERGE_POLICY_NONE))
                    .build();
            Reader idle = Reader.of(running, request, 1);
            // messages alone take less than 400,000
            Waiting.until(() -> running.server.unsentAnswerBytes() > 800_000);
            assertThat(running.server.unsentAnswerBytes()).isLessThan(20_000_000);
            idle.call.request(Integer.MAX_VALUE);

            assertThat(idle.ending.get(20, TimeUnit.SECONDS)).isEqualTo(Status.Code.OK);
            assertThat(idle.document.entities()).hasSize(240_000);
            Waiting.until(() -> running.server.unsentAnswerBytes() == 0);
        }
    }

    @Test
    void aCallerWhoGoesAwayEndsTheWork() throws Exception {
        try (RunningServer running = RunningServer.start(COUNTING)) {
            running.engine.score(Scoring.constant(3));
            Reader idle = Reader.of(running, RunningServer.request("Ada ".repeat(200_000), "person"), 1);
            awaitStandstill(running);

            idle.call.cancel("enough", null);

            Waiting.until(() -> running.requestsCounted() == 1);
            Waiting.until(() -> running.server.unsentAnswerBytes() == 0);
            assertNothingIsLeft(running);
        }
    }

    @Test
    void whatWasSentStaysValidWhenTheEngineFails() throws Exception {
        try (RunningServer running = RunningServer.start(COUNTING)) {
            AtomicInteger runs = new AtomicInteger();
            running.engine.onRun(batch -> {
                if (runs.incrementAndGet() >= 5) {
                    throw EngineException.batchFailed("on purpose", new IllegalStateException());
                }
            });
            Reader reader = Reader.of(running, BOOK, Integer.MAX_VALUE);

            assertThat(reader.ending.get(20, TimeUnit.SECONDS)).isEqualTo(Status.Code.INTERNAL);
            assertThat(reader.document.safeUntil()).isPositive();
            assertThat(reader.document.isComplete()).isFalse();
            assertNothingIsLeft(running);
            Waiting.until(() -> running.requestsCounted() == 1);
        }
    }

    @Test
    void aServerThatStopsSaysUpToWhereTheTextIsDone() throws Exception {
        try (RunningServer running = RunningServer.start()) {
            AtomicInteger runs = new AtomicInteger();
            CountDownLatch release = new CountDownLatch(1);
            running.engine.onRun(batch -> holdFrom(2, runs, release));
            Reader reader = Reader.of(running, BOOK, Integer.MAX_VALUE);
            Waiting.until(() -> reader.entities() > 0 && runs.get() >= 2);
            CompletableFuture<Void> stopped = CompletableFuture.runAsync(running.server::close);
            Waiting.until(() -> refusesNewCalls(running));
            release.countDown();

            assertThat(reader.ending.get(20, TimeUnit.SECONDS)).isEqualTo(Status.Code.UNAVAILABLE);
            stopped.get(20, TimeUnit.SECONDS);
            assertThat(reader.document.safeUntil()).isPositive();
            assertThat(reader.safeUntil()).isEqualTo(Integer.toString(reader.document.safeUntil()));
        }
    }

    /** As the server that stops; the channel goes on, and what was sent is the beginning of the whole answer. */
    @Test
    void aConnectionThatIsOldSaysUpToWhereTheTextIsDone() throws Exception {
        try (RunningServer running = RunningServer.start(RunningServer.aging(COUNTING));
                RunningServer other = RunningServer.start()) {
            AtomicInteger runs = new AtomicInteger();
            CountDownLatch release = new CountDownLatch(1);
            running.engine.onRun(batch -> holdFrom(2, runs, release));
            Reader reader = Reader.of(running, BOOK, Integer.MAX_VALUE);
            Waiting.until(() -> reader.entities() > 0);
            Waiting.until(() -> running.channel.getState(false) != ConnectivityState.READY); // it is told to go
            release.countDown();

            assertThat(reader.ending.get(20, TimeUnit.SECONDS)).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(reader.info().getReason()).isEqualTo("DRAINING");
            int safe = reader.document.safeUntil();
            assertThat(reader.safeUntil()).isEqualTo(Integer.toString(safe));
            assertThat(safe).isPositive();
            assertThat(reader.document.isComplete()).isFalse();
            assertThat(running.engine.rows()).as("nothing more is searched").isLessThan(10);

            assertThat(running.stub()
                            .extract(RunningServer.request("one", "city"))
                            .getUsage()
                            .getWords())
                    .isEqualTo(1);
            Reader again = Reader.of(other, BOOK, Integer.MAX_VALUE);
            assertThat(again.ending.get(20, TimeUnit.SECONDS)).isEqualTo(Status.Code.OK);
            assertThat(again.document.entities())
                    .startsWith(reader.document.entities().toArray(Entity[]::new))
                    .hasSizeGreaterThan(reader.entities());
            assertThat(again.document.entities().stream().filter(entity -> entity.getStart() < safe))
                    .containsExactlyElementsOf(reader.document.entities());
            Waiting.until(() -> running.requestsCounted() == 2);
            assertThat(Scrape.of(running).value("nuner_requests_total{outcome=\"draining\",tenant=\"default\"}"))
                    .isEqualTo(1);
            assertNothingIsLeft(running);
        }
    }

    private static boolean refusesNewCalls(RunningServer running) {
        try {
            running.stub().withDeadlineAfter(50, TimeUnit.MILLISECONDS).extract(RunningServer.request("", "x"));
            return false;
        } catch (StatusRuntimeException e) {
            return e.getStatus().getCode() == Status.Code.UNAVAILABLE;
        }
    }

    @Test
    void aDocumentMayTakeLongerThanACall() throws Exception {
        ServerConfig config = RunningServer.CONFIG.toBuilder()
                .deadline(new io.nuner.server.texts.CallDeadline(Duration.ofMillis(300), Duration.ofMillis(300)))
                .build();
        try (RunningServer running = RunningServer.start(config)) {
            running.engine.onRun(batch -> pauses(30));
            Reader reader = new Reader();
            NerServiceGrpc.newStub(running.channel).extractDocument(document(BOOK), reader);

            assertThat(reader.ending.get(20, TimeUnit.SECONDS)).isEqualTo(Status.Code.OK);
        }
    }

    /** Returns when nothing has been in flight for a while. */
    private static void awaitStandstill(RunningServer running) {
        AtomicInteger still = new AtomicInteger();
        Waiting.until(() -> {
            boolean idle = running.engine.rows() > 2 && running.server.requestsInFlight() == 0;
            return (idle ? still.incrementAndGet() : still.updateAndGet(count -> 0)) > 100;
        });
    }

    private static void pauses(int count) {
        for (int i = 0; i < count; i++) {
            Waiting.pause();
        }
    }

    private static void assertNothingIsLeft(RunningServer running) {
        Waiting.until(() -> running.server.requestsInFlight() == 0 && running.server.tokensInFlight() == 0);
    }

    private static ExtractDocumentRequest document(ExtractRequest request) {
        return ExtractDocumentRequest.newBuilder().setRequest(request).build();
    }

    /** A caller who asks for some messages at first. */
    private static final class Reader
            implements ClientResponseObserver<ExtractDocumentRequest, ExtractDocumentResponse> {
        final Document document = new Document();
        final CompletableFuture<Status.Code> ending = new CompletableFuture<>();
        private final int first;
        private volatile @Nullable Throwable failure;

        @SuppressWarnings("NullAway.Init")
        volatile ClientCallStreamObserver<ExtractDocumentRequest> call;

        private Reader(int first) {
            this.first = first;
        }

        private Reader() {
            this(Integer.MAX_VALUE);
        }

        static Reader of(RunningServer running, ExtractRequest request, int first) {
            Reader reader = new Reader(first);
            NerServiceGrpc.newStub(running.channel)
                    .withDeadlineAfter(30, TimeUnit.SECONDS)
                    .extractDocument(document(request), reader);
            return reader;
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<ExtractDocumentRequest> started) {
            call = started;
            started.disableAutoRequestWithInitial(first);
        }

        synchronized int entities() {
            return document.entities().size();
        }

        /** Up to where the text is done, as the refusal says. */
        String safeUntil() throws Exception {
            return info().getMetadataOrThrow("safe_until");
        }

        /** What the refusal says. */
        ErrorInfo info() throws Exception {
            com.google.rpc.Status status = StatusProto.fromThrowable(java.util.Objects.requireNonNull(failure));
            for (com.google.protobuf.Any detail :
                    java.util.Objects.requireNonNull(status).getDetailsList()) {
                if (detail.is(ErrorInfo.class)) {
                    return detail.unpack(ErrorInfo.class);
                }
            }
            return ErrorInfo.getDefaultInstance();
        }

        @Override
        public synchronized void onNext(ExtractDocumentResponse message) {
            document.add(message);
        }

        @Override
        public void onError(Throwable t) {
            failure = t;
            ending.complete(Status.fromThrowable(t).getCode());
        }

        @Override
        public void onCompleted() {
            ending.complete(Status.Code.OK);
        }
    }
}
