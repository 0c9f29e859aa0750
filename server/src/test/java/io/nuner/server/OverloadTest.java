package io.nuner.server;

import static io.nuner.server.RunningServer.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.rpc.ErrorInfo;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.MetadataUtils;
import io.nuner.engine.EngineLimits;
import io.nuner.engine.testing.FakeEngine;
import io.nuner.engine.testing.RunHook;
import io.nuner.server.config.LoadConfig;
import io.nuner.server.config.QueueConfig;
import io.nuner.server.config.ServerConfig;
import io.nuner.server.texts.CallDeadline;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.ExtractResponse;
import io.nuner.v1.GetServerInfoRequest;
import io.nuner.v1.NerServiceGrpc;
import io.nuner.v1.NerServiceGrpc.NerServiceFutureStub;
import io.nuner.v1.Priority;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Who comes in and who goes first when more is asked than the engine can do. */
class OverloadTest {
    private static final Metadata.Key<String> TENANT =
            Metadata.Key.of("nuner-tenant", Metadata.ASCII_STRING_MARSHALLER);
    /** Calls are handled one after another, so that one that is answered tells that those before it have been handled. */
    private static final int CALL_THREADS = 1;

    private final CountDownLatch started = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);

    @Test
    void aFloodIsRefusedAndALightTenantIsNot() throws Exception {
        try (RunningServer running = RunningServer.start(withLoad(16))) {
            awaitHandled(running); // connected: from now on calls go out in order
            running.holdRuns(started, release);
            List<ListenableFuture<ExtractResponse>> light = new ArrayList<>();
            List<ListenableFuture<ExtractResponse>> flood = new ArrayList<>();

            light.add(as(running, "light").extract(request("one", "city")));
            awaitHandled(running); // the light tenant is known before the flood comes
            for (int i = 0; i < 3; i++) {
                light.add(as(running, "light").extract(request("one", "city")));
                for (int j = 0; j < 20; j++) {
                    flood.add(as(running, "flood").extract(request("one", "city")));
                }
            }
            awaitHandled(running);
            int inFlight = running.server.requestsInFlight();
            release.countDown();

            assertThat(codes(light)).containsOnly(Status.Code.OK);
            List<Status.Code> answers = codes(flood);
            assertThat(answers).containsOnly(Status.Code.OK, Status.Code.RESOURCE_EXHAUSTED);
            assertThat(answers.stream().filter(Status.Code.OK::equals)).hasSizeBetween(8, 12);
            assertThat(inFlight).isBetween(12, 16);
            assertThat(running.server.requestsInFlight()).isZero();
        }
    }

    @Test
    void aDeadlineThatIsTooNearIsRefusedWithTheEstimate() throws Exception {
        CallDeadline near = new CallDeadline(Duration.ofMillis(25), Duration.ofSeconds(20));
        ExtractRequest longText = request("a ".repeat(300), "city");
        FakeEngine slow = new FakeEngine(RunningServer.LIMITS, 1);
        slow.onRun(taking(Duration.ofMillis(60))); // from the calibration on
        try (RunningServer running = RunningServer.start(
                RunningServer.CONFIG.toBuilder().deadline(near).build(), slow)) {
            int runs = running.engine.runs();

            StatusRuntimeException refusal = catchThrowableOfType(
                    StatusRuntimeException.class,
                    () -> NerServiceGrpc.newBlockingStub(running.channel) // without a deadline, so the server's holds
                            .extract(longText));

            assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
            com.google.rpc.Status details = Objects.requireNonNull(StatusProto.fromThrowable(refusal));
            ErrorInfo info = details.getDetails(0).unpack(ErrorInfo.class);
            assertThat(info.getReason()).isEqualTo("UNMEETABLE");
            assertThat(Integer.parseInt(info.getMetadataOrThrow("estimate_ms"))).isBetween(25, 120);
            assertThat(refusal.getStatus().getDescription()).contains(" " + info.getMetadataOrThrow("estimate_ms"));
            assertThat(running.engine.runs()).isEqualTo(runs);
        }
    }

    @Test
    void callsThatCannotBeMetRunAlmostNoRowsOnAnIdleEngine() throws Exception {
        FakeEngine slow = new FakeEngine(RunningServer.LIMITS, 1);
        slow.onRun(taking(Duration.ofMillis(60))); // from the calibration on
        try (RunningServer running = RunningServer.start(RunningServer.CONFIG, slow)) {
            List<Status.Code> codes = new ArrayList<>();
            for (int call = 0; call < 100; call++) {
                ListenableFuture<ExtractResponse> hopeless = running.futureStub()
                        .withDeadlineAfter(5, TimeUnit.MILLISECONDS)
                        .extract(request("one", "city"));
                codes.addAll(codes(List.of(hopeless)));
            }

            System.out.printf("100 calls of 5 ms, engine of 60 ms: %d rows run%n", running.engine.rows());
            assertThat(codes).containsOnly(Status.Code.DEADLINE_EXCEEDED);
            assertThat(running.engine.rows()).as("rows run").isLessThanOrEqualTo(2);
            assertThat(codes(List.of(running.futureStub()
                            .withDeadlineAfter(2, TimeUnit.SECONDS)
                            .extract(request("one", "city")))))
                    .containsExactly(Status.Code.OK);
        }
    }

    @Test
    void bulkTextsWaitWhileInteractiveOnesGo() throws Exception {
        assertThat(wordsOfRuns(withLoad(512))).containsExactly(1, 3, 2);
    }

    @Test
    void bulkTextsThatHaveAgedWaitNoLonger() throws Exception {
        QueueConfig aged = new QueueConfig(Duration.ZERO, Duration.ZERO, Duration.ZERO);

        assertThat(wordsOfRuns(withLoad(512).toBuilder().queue(aged).build())).containsExactly(1, 2, 3);
    }

    @Test
    void aCancelledCallNeverReachesTheEngine() throws Exception {
        try (RunningServer running = RunningServer.start(withLoad(512))) {
            running.holdRuns(started, release);
            ListenableFuture<ExtractResponse> first = running.futureStub().extract(request("one", "city"));
            started.await();
            ListenableFuture<ExtractResponse> second = running.futureStub().extract(request("one two", "city"));
            awaitHandled(running);

            second.cancel(true);
            awaitHandled(running);
            release.countDown();
            first.get(20, TimeUnit.SECONDS);
            running.stub().extract(request("one two three", "city"));

            assertThat(wordsOf(running.engine)).containsExactly(1, 3);
            assertThat(running.server.requestsInFlight()).isZero();
        }
    }

    @Test
    void anUnknownPriorityIsNamed() throws Exception {
        try (RunningServer running = RunningServer.start()) {
            ExtractRequest request =
                    request("one", "city").toBuilder().setPriorityValue(9).build();

            StatusRuntimeException refusal = catchThrowableOfType(
                    StatusRuntimeException.class, () -> running.stub().extract(request));

            assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
            assertThat(refusal.getStatus().getDescription()).isEqualTo("priority must be a value of nuner.v1.Priority");
        }
    }

    /** Words of the texts as they ran, one by one: one word held the engine; two were bulk and came before three. */
    private List<Integer> wordsOfRuns(ServerConfig config) throws Exception {
        FakeEngine oneByOne = new FakeEngine(new EngineLimits(1, 512, 512, 100), 1);
        try (RunningServer running = RunningServer.start(config, oneByOne)) {
            running.holdRuns(started, release);
            List<ListenableFuture<ExtractResponse>> answers = new ArrayList<>();
            answers.add(running.futureStub().extract(request("one", "city")));
            started.await();
            answers.add(running.futureStub()
                    .extract(request("one two", "city").toBuilder()
                            .setPriority(Priority.PRIORITY_BULK)
                            .build()));
            awaitHandled(running);
            answers.add(running.futureStub().extract(request("one two three", "city")));
            awaitHandled(running);
            release.countDown();

            assertThat(codes(answers)).containsOnly(Status.Code.OK);
            return wordsOf(running.engine);
        }
    }

    private static List<Integer> wordsOf(FakeEngine engine) {
        return engine.batches().stream()
                .map(batch -> batch.rows().get(0).wordCount())
                .toList();
    }

    private static void awaitHandled(RunningServer running) {
        running.stub().getServerInfo(GetServerInfoRequest.getDefaultInstance());
    }

    private static RunHook taking(Duration time) {
        return batch -> {
            long start = System.nanoTime();
            long left = time.toNanos();
            while (left > 0) {
                LockSupport.parkNanos(left);
                left = time.toNanos() - (System.nanoTime() - start);
            }
        };
    }

    private static List<Status.Code> codes(List<ListenableFuture<ExtractResponse>> calls) throws Exception {
        List<Status.Code> codes = new ArrayList<>();
        for (ListenableFuture<ExtractResponse> call : calls) {
            try {
                call.get(20, TimeUnit.SECONDS);
                codes.add(Status.Code.OK);
            } catch (ExecutionException e) {
                codes.add(Status.fromThrowable(e).getCode());
            }
        }
        return codes;
    }

    private static NerServiceFutureStub as(RunningServer running, String tenant) {
        Metadata metadata = new Metadata();
        metadata.put(TENANT, tenant);
        return running.futureStub().withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata));
    }

    private static ServerConfig withLoad(int maxRequests) {
        return RunningServer.CONFIG.toBuilder().load(load(maxRequests)).build();
    }

    private static LoadConfig load(int maxRequests) {
        return new LoadConfig(maxRequests, 262_144, 1024, CALL_THREADS, 0);
    }
}
