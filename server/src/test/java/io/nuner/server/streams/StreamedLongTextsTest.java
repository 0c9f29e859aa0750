package io.nuner.server.streams;

import static io.nuner.server.RunningServer.request;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import io.grpc.Status;
import io.nuner.engine.EngineLimits;
import io.nuner.engine.testing.FakeEngine;
import io.nuner.server.RunningServer;
import io.nuner.server.Scrape;
import io.nuner.server.Waiting;
import io.nuner.server.config.LoadConfig;
import io.nuner.server.config.MetricsConfig;
import io.nuner.server.config.ServerConfig;
import io.nuner.v1.ErrorDetails;
import io.nuner.v1.ErrorReason;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.ExtractStreamResponse;
import io.nuner.v1.GetServerInfoRequest;
import io.nuner.v1.StreamOptions;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Texts of several windows in a stream. */
@Timeout(60)
class StreamedLongTextsTest {
    /** Before its first window a text is tried again, afterwards its windows wait: none is searched twice. */
    @Test
    void longTextsWaitForRoomAndAreSearchedOnce() throws Exception {
        ServerConfig small = RunningServer.CONFIG.toBuilder()
                .metrics(MetricsConfig.on(0))
                .load(new LoadConfig(5, 1_500, 16, 0, 0))
                .build();
        ExtractRequest book = request("Ada met Bob in Rome. ".repeat(800), "person");
        try (RunningServer running = RunningServer.start(small)) {
            CountDownLatch release = new CountDownLatch(1);
            running.holdRuns(new CountDownLatch(1), release);
            var unary = running.futureStub().extract(book);
            Waiting.until(() -> running.server.tokensInFlight() > 1_000); // there is no room for one more window
            StreamCall stream = StreamCall.on(running.channel);
            stream.send(book).send(book).halfClose();
            running.stub().getServerInfo(GetServerInfoRequest.getDefaultInstance());
            assertThat(stream.answers()).isEmpty();
            release.countDown();

            assertThat(stream.code()).isEqualTo(Status.Code.OK);
            assertThat(stream.answers()).hasSize(2).allMatch(ExtractStreamResponse::hasResponse);
            int windows = unary.get().getUsage().getWindows();
            assertThat(running.engine.rows()).isEqualTo(3 * windows);
            Waiting.until(() -> running.requestsCounted() >= 3);
            assertThat(Scrape.of(running).value("nuner_requests_total{outcome=\"ok\",tenant=\"default\"}"))
                    .isEqualTo(3);
            assertThat(Scrape.of(running).sum("nuner_dropped_total")).isZero();
            assertThat(running.server.requestsInFlight()).isZero();
            assertThat(running.server.tokensInFlight()).isZero();
        }
    }

    @Test
    void aLongTextThatRunsOutOfTimeIsToldHowLongAllOfItTakes() throws Exception {
        FakeEngine engine = new FakeEngine(new EngineLimits(1, 512, 512, 100), 1);
        engine.onRun(batch -> LockSupport.parkNanos(20_000_000));
        try (RunningServer running = RunningServer.start(RunningServer.CONFIG, engine)) {
            engine.onRun(batch -> LockSupport.parkNanos(60_000_000)); // three times what was measured
            StreamCall stream = StreamCall.on(running.channel)
                    .send(StreamOptions.newBuilder()
                            .setItemTimeout(Duration.newBuilder().setNanos(600_000_000))
                            .build());
            stream.send(request("Ada met Bob in Rome. ".repeat(1_000), "person"))
                    .halfClose();

            assertThat(stream.code()).isEqualTo(Status.Code.OK);
            ErrorDetails details = stream.answers().get(0).getErrorDetails();
            assertThat(details.getReason()).isEqualTo(ErrorReason.ERROR_REASON_UNMEETABLE);
            assertThat(Long.parseLong(details.getErrorInfo().getMetadataOrThrow("estimate_ms")))
                    .isGreaterThan(600);
        }
    }
}
