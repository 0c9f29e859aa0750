package io.nuner.server;

import static io.nuner.server.RunningServer.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.common.util.concurrent.ListenableFuture;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.nuner.engine.EngineException;
import io.nuner.engine.testing.FakeEngine;
import io.nuner.engine.testing.Scoring;
import io.nuner.server.config.LoadConfig;
import io.nuner.server.config.ServerConfig;
import io.nuner.server.texts.CallDeadline;
import io.nuner.v1.Entity;
import io.nuner.v1.ExtractOptions;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.ExtractResponse;
import io.nuner.v1.GetServerInfoRequest;
import io.nuner.v1.LongTextPolicy;
import io.nuner.v1.OffsetUnit;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class InferenceServerTest {
    @Test
    void answersWithEntitiesInTheCallersUnit() throws Exception {
        try (RunningServer running = RunningServer.start()) {
            running.engine.score((row, start, width, label) -> start == 1 ? 3 : -3);
            ExtractRequest request = request("😀 Zoë", "Person").toBuilder()
                    .setRequestId("r1")
                    .setOptions(ExtractOptions.newBuilder().setOffsetUnit(OffsetUnit.OFFSET_UNIT_UTF8_BYTE))
                    .build();

            ExtractResponse response = running.stub().extract(request);

            assertThat(response.getRequestId()).isEqualTo("r1");
            Entity entity = response.getEntities(0);
            assertThat(entity.getText()).isEqualTo("Zoë");
            assertThat(entity.getLabel()).isEqualTo("Person");
            assertThat(entity.getStart()).isEqualTo(5);
            assertThat(entity.getEnd()).isEqualTo(9);
            assertThat(response.getUsage().getWindows()).isEqualTo(1);
            assertThat(response.getTimings().getBatchRows()).isEqualTo(1);
        }
    }

    @Test
    void blankTextAndNoLabelsGiveNothingWithoutTheEngine() throws Exception {
        try (RunningServer running = RunningServer.start()) {
            assertThat(running.stub().extract(request(" \t\n", "city")).getEntitiesCount())
                    .isZero();
            assertThat(running.stub().extract(request("Paris")).getEntitiesCount())
                    .isZero();
            assertThat(running.engine.runs()).isZero();
            assertThat(running.server.requestsInFlight()).isZero();
        }
    }

    @Test
    void aLongTextIsCutWhenTheCallerAllowsIt() throws Exception {
        try (RunningServer running = RunningServer.start()) {
            ExtractRequest request = request("a ".repeat(500), "city").toBuilder()
                    .setOptions(ExtractOptions.newBuilder().setLongText(LongTextPolicy.LONG_TEXT_POLICY_TRUNCATE))
                    .build();

            ExtractResponse response = running.stub().extract(request);

            assertThat(response.getUsage().getTruncated()).isTrue();
            assertThat(response.getUsage().getWords()).isEqualTo(FakeTextModel.MAX_WORDS);
            assertThat(response.getUsage().getSearchedEnd()).isEqualTo(2 * FakeTextModel.MAX_WORDS - 1);
        }
    }

    @Test
    void saysWhatItServesAndIsHealthy() throws Exception {
        try (RunningServer running = RunningServer.start()) {
            var info = running.stub().getServerInfo(GetServerInfoRequest.getDefaultInstance());

            assertThat(info.getEngine().getName()).isEqualTo("fake");
            assertThat(info.getLimits().getMaxWords()).isEqualTo(FakeTextModel.MAX_WORDS);
            assertThat(health(running)).isEqualTo(ServingStatus.SERVING);
        }
    }

    @Test
    void aPortInUseIsNamed() throws Exception {
        try (RunningServer running = RunningServer.start()) {
            int port = running.server.port();
            FakeEngine engine = new FakeEngine(RunningServer.LIMITS, 1);
            ServerConfig config = RunningServer.CONFIG.toBuilder().port(port).build();

            assertThatThrownBy(() -> InferenceServer.start(config, new FakeTextModel(), engine, fault -> {}))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("port " + port);
            assertThat(engine.isClosed()).isTrue();
        }
    }

    @Test
    void onlyTheRowThatFailsTheEngineFails() throws Exception {
        try (RunningServer running = RunningServer.start()) {
            running.engine.onRun(batch -> {
                if (batch.rows().stream().anyMatch(row -> row.wordCount() == 3)) {
                    throw new StackOverflowError("poison");
                }
            });

            List<Status.Code> codes = answersToABatchOf(running, "one", "one two", "one two three", "one");

            assertThat(codes).containsExactly(Status.Code.OK, Status.Code.OK, Status.Code.INTERNAL, Status.Code.OK);
        }
    }

    @Test
    void onlyTheRowWithBrokenScoresFails() throws Exception {
        try (RunningServer running = RunningServer.start()) {
            Scoring healthy = Scoring.fromContent();
            running.engine.score((row, start, width, label) ->
                    row.wordCount() == 3 ? Float.NaN : healthy.score(row, start, width, label));

            List<Status.Code> codes = answersToABatchOf(running, "one two three", "one two");

            assertThat(codes).containsExactly(Status.Code.INTERNAL, Status.Code.OK);
        }
    }

    @Test
    void aLostEngineIsReportedAndEveryCallAnswered() throws Exception {
        try (RunningServer running = RunningServer.start()) {
            running.engine.failWith(() -> EngineException.engineLost("gone", new IllegalStateException()));

            List<Status.Code> codes = answersToABatchOf(running, "one", "two", "three");

            assertThat(codes).containsOnly(Status.Code.UNAVAILABLE);
            assertThat(running.engineLost.get(10, TimeUnit.SECONDS)).hasMessage("gone");
            assertThat(health(running)).isEqualTo(ServingStatus.NOT_SERVING);
            assertThat(codeOf(running, request("later", "city"))).isEqualTo(Status.Code.UNAVAILABLE);
        }
    }

    @Test
    void aCallWhoseDeadlinePassesInTheQueueNeverReachesTheEngine() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        ServerConfig config = RunningServer.CONFIG.toBuilder()
                .deadline(new CallDeadline(Duration.ofMillis(200), Duration.ofMillis(200)))
                .build();
        try (RunningServer running = RunningServer.start(config)) {
            running.holdRuns(started, release);
            ListenableFuture<ExtractResponse> inEngine = running.futureStub().extract(request("one", "city"));
            started.await();

            Status.Code code = codeOf(running, request("two", "city"));
            release.countDown();

            assertThat(code).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
            assertThatThrownBy(() -> inEngine.get(10, TimeUnit.SECONDS)).hasMessageContaining("DEADLINE_EXCEEDED");
            assertThat(running.engine.rows()).isEqualTo(1);
        }
    }

    @Test
    void moreThanItAdmitsIsRefusedWithAPause() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        ServerConfig config = RunningServer.CONFIG.toBuilder()
                .load(new LoadConfig(1, 10_000, 1024, 0, 0))
                .build();
        try (RunningServer running = RunningServer.start(config)) {
            running.holdRuns(started, release);
            ListenableFuture<ExtractResponse> accepted = running.futureStub().extract(request("one", "city"));
            started.await();

            StatusRuntimeException refusal = catchThrowableOfType(
                    StatusRuntimeException.class, () -> running.stub().extract(request("two", "city")));
            release.countDown();

            assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            assertThat(String.valueOf(refusal.getTrailers())).contains("grpc-retry-pushback-ms=-1");
            assertThat(accepted.get(10, TimeUnit.SECONDS)).isNotNull();
        }
    }

    @Test
    void drainingAnswersEveryAcceptedCall() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        try (RunningServer running = RunningServer.start()) {
            running.holdRuns(started, release);
            List<ListenableFuture<ExtractResponse>> accepted = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                accepted.add(running.futureStub().extract(request("text " + i, "city")));
            }
            started.await();
            running.stub().getServerInfo(GetServerInfoRequest.getDefaultInstance()); // sent after all of them

            CompletableFuture<Void> drained = CompletableFuture.runAsync(running.server::close);
            release.countDown();

            for (ListenableFuture<ExtractResponse> one : accepted) {
                assertThat(one.get(10, TimeUnit.SECONDS).getUsage().getWords()).isEqualTo(2);
            }
            drained.get(20, TimeUnit.SECONDS);
            assertThat(running.engine.isClosed()).isTrue();
            assertThat(running.engine.openLanes()).isZero();
        }
    }

    private static List<Status.Code> answersToABatchOf(RunningServer running, String... texts) {
        var batch = io.nuner.v1.ExtractBatchRequest.newBuilder();
        for (String text : texts) {
            batch.addRequests(request(text, "city"));
        }
        return running.stub().extractBatch(batch.build()).getItemsList().stream()
                .map(item -> Status.fromCodeValue(item.getError().getCode()).getCode())
                .toList();
    }

    private static Status.Code codeOf(RunningServer running, ExtractRequest request) {
        return catchThrowableOfType(
                        StatusRuntimeException.class, () -> running.stub().extract(request))
                .getStatus()
                .getCode();
    }

    private static ServingStatus health(RunningServer running) {
        return HealthGrpc.newBlockingStub(running.channel)
                .check(HealthCheckRequest.newBuilder()
                        .setService("nuner.v1.NerService")
                        .build())
                .getStatus();
    }
}
