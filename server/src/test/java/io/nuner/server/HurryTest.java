package io.nuner.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.common.util.concurrent.ListenableFuture;
import io.grpc.ConnectivityState;
import io.nuner.server.config.DrainConfig;
import io.nuner.server.config.ServerConfig;
import io.nuner.v1.ExtractResponse;
import io.nuner.v1.GetServerInfoRequest;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An operator who does not want to wait for a drain. */
@Timeout(30)
class HurryTest {
    private static final ServerConfig PATIENT = RunningServer.CONFIG.toBuilder()
            .drain(new DrainConfig(Duration.ofMinutes(2), Duration.ofMinutes(2)))
            .build();

    private final CountDownLatch started = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);

    @Test
    void endsTheNoticeAndAnswersWhatWasAccepted() throws Exception {
        try (RunningServer running = RunningServer.start(PATIENT)) {
            ListenableFuture<ExtractResponse> accepted = callInFlight(running);
            CompletableFuture<Void> drained = CompletableFuture.runAsync(running.server::close);
            running.stub().getServerInfo(GetServerInfoRequest.getDefaultInstance()); // the notice takes new calls

            running.server.hurry();
            release.countDown();

            assertThat(accepted.get(10, TimeUnit.SECONDS).getUsage().getWords()).isEqualTo(2);
            drained.get(20, TimeUnit.SECONDS);
            assertThat(running.engine.isClosed()).isTrue();
        }
    }

    @Test
    void cancelsNothingTheFirstTimeEvenIfTheNoticeIsOver() throws Exception {
        ServerConfig noNotice = PATIENT.toBuilder()
                .drain(new DrainConfig(Duration.ZERO, Duration.ofMinutes(2)))
                .build();
        try (RunningServer running = RunningServer.start(noNotice)) {
            ListenableFuture<ExtractResponse> accepted = callInFlight(running);
            CompletableFuture<Void> drained = CompletableFuture.runAsync(running.server::close);
            Waiting.until(() -> running.channel.getState(false) != ConnectivityState.READY); // told to go away

            running.server.hurry();
            release.countDown();

            assertThat(accepted.get(10, TimeUnit.SECONDS).getUsage().getWords()).isEqualTo(2);
            drained.get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void cancelsWhatIsInFlightTheSecondTime() throws Exception {
        try (RunningServer running = RunningServer.start(PATIENT)) {
            ListenableFuture<ExtractResponse> accepted = callInFlight(running);
            CompletableFuture<Void> drained = CompletableFuture.runAsync(running.server::close);

            running.server.hurry();
            running.server.hurry();

            assertThat(catchThrowableOfType(ExecutionException.class, () -> accepted.get(10, TimeUnit.SECONDS)))
                    .isNotNull();
            release.countDown();
            drained.get(20, TimeUnit.SECONDS);
            assertThat(running.engine.isClosed()).isTrue();
        }
    }

    private ListenableFuture<ExtractResponse> callInFlight(RunningServer running) throws InterruptedException {
        running.holdRuns(started, release);
        ListenableFuture<ExtractResponse> accepted =
                running.futureStub().extract(RunningServer.request("two words", "city"));
        started.await();
        return accepted;
    }
}
