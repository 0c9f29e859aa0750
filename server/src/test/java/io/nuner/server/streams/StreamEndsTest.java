package io.nuner.server.streams;

import static io.nuner.server.RunningServer.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.nuner.server.RunningServer;
import io.nuner.server.Scrape;
import io.nuner.server.Waiting;
import io.nuner.server.answers.StreamLimits;
import io.nuner.server.config.LoadConfig;
import io.nuner.server.config.MetricsConfig;
import io.nuner.server.config.ServerConfig;
import io.nuner.v1.ExtractStreamResponse;
import io.nuner.v1.StreamOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How streams of texts end before their client ends them, and what becomes of their texts. */
@Timeout(60)
class StreamEndsTest {
    private static final ServerConfig CONFIG =
            RunningServer.CONFIG.toBuilder().metrics(MetricsConfig.on(0)).build();

    private final CountDownLatch started = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);

    /** Whatever a stream's texts wait for when its client goes, all that was taken for them is given back. */
    @Test
    void aClientThatGoesLeavesNothingBehind() throws Exception {
        ServerConfig small =
                CONFIG.toBuilder().load(new LoadConfig(2, 10_000, 16, 0, 0)).build();
        try (RunningServer running = RunningServer.start(small)) {
            StreamCall quiet = StreamCall.on(running.channel);
            quiet.cancel();

            running.holdRuns(started, release);
            StreamCall inEngine = StreamCall.on(running.channel).send(request("one", "city"));
            started.await();
            StreamCall inQueue = StreamCall.on(running.channel).send(request("one", "city"));
            Waiting.until(() -> running.server.requestsInFlight() == 2);
            StreamCall notAdmitted = StreamCall.on(running.channel);
            for (int i = 0; i < 20; i++) {
                notAdmitted.send(request("one", "city"));
            }
            StreamCall behindAnother = StreamCall.on(running.channel)
                    .send(StreamOptions.newBuilder().setOrdered(true).build())
                    .send(request("one", "city"))
                    .send(request("text", " "));
            running.stub().getServerInfo(io.nuner.v1.GetServerInfoRequest.getDefaultInstance());

            inEngine.cancel();
            inQueue.cancel();
            notAdmitted.cancel();
            behindAnother.cancel();

            Waiting.until(() -> running.server.requestsInFlight() == 0);
            release.countDown();
            Waiting.until(() -> value(running, "nuner_unread_bytes") == 0);
            Waiting.until(() -> running.server.unsentAnswerBytes() == 0);
            assertThat(running.stub().extract(request("one", "city")).getUsage().getWords())
                    .isEqualTo(1);
            Waiting.until(() -> value(running, requests("ok")) == 1);
            assertThat(value(running, requests("cancelled"))).isGreaterThanOrEqualTo(2);
        }
    }

    @Test
    void aServerThatStopsAnswersWhatItReadAndSaysHowMuch() throws Exception {
        RunningServer other = RunningServer.start(CONFIG);
        try (RunningServer running = RunningServer.start(CONFIG);
                other) {
            running.holdRuns(started, release);
            StreamCall stream = StreamCall.on(running.channel);
            for (int i = 0; i < 200; i++) {
                stream.send(request("w ".repeat(1 + i), "city"));
            }
            started.await();
            CompletableFuture<Void> stopped = CompletableFuture.runAsync(running.server::close);
            Waiting.until(() -> running.channel.getState(false) != io.grpc.ConnectivityState.READY);
            release.countDown();

            assertThat(stream.code()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(stream.info().getReason()).isEqualTo("DRAINING");
            int read = Integer.parseInt(stream.info().getMetadataOrThrow("requests_read"));
            assertThat(read).isBetween(1, 199);
            assertThat(stream.answers()).hasSize(read).allMatch(ExtractStreamResponse::hasResponse);
            stopped.get(20, TimeUnit.SECONDS);

            StreamCall rest = StreamCall.on(other.channel);
            for (int i = read; i < 200; i++) {
                rest.send(request("w ".repeat(1 + i), "city"));
            }
            assertThat(rest.halfClose().code()).isEqualTo(Status.Code.OK);
            List<Integer> words = new ArrayList<>();
            stream.answers()
                    .forEach(answer -> words.add(answer.getResponse().getUsage().getWords()));
            rest.answers()
                    .forEach(answer -> words.add(answer.getResponse().getUsage().getWords()));
            assertThat(words).hasSize(200).doesNotHaveDuplicates();
        }
    }

    @Test
    void aMessageThatIsTooLargeEndsTheStreamAndSaysSo() throws Exception {
        try (RunningServer running = RunningServer.start(CONFIG)) {
            StreamCall stream = StreamCall.on(running.channel).send(request("one", "city"));
            stream.awaitAnswers(1);
            stream.send(new byte[3 << 20]);

            assertThat(stream.code()).isEqualTo(Status.Code.INVALID_ARGUMENT);
            assertThat(stream.info().getReason()).isEqualTo("MESSAGE_TOO_LARGE");
            assertThat(stream.info().getMetadataOrThrow("count")).isEqualTo(Integer.toString(3 << 20));
            assertThat(stream.answers()).hasSize(1);
            Waiting.until(() -> value(running, "nuner_unread_bytes") == 0);
        }
    }

    @Test
    void aStreamThatRestsWhileTheServerStopsEndsAtOnce() throws Exception {
        try (RunningServer running = RunningServer.start(CONFIG)) {
            StreamCall stream = StreamCall.on(running.channel).send(request("one", "city"));
            stream.awaitAnswers(1);

            running.server.close();

            assertThat(stream.code()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(stream.info().getMetadataOrThrow("requests_read")).isEqualTo("1");
        }
    }

    /** Each text that was read gets one answer; a new connection serves the rest. */
    @Test
    void aConnectionThatIsOldEndsItsStreams() throws Exception {
        try (RunningServer running = RunningServer.start(RunningServer.aging(CONFIG))) {
            StreamCall stream = StreamCall.on(running.channel);
            int sent = 0;
            while (!stream.isOver()) {
                if (stream.isReady()) {
                    stream.send(request("one", "city"));
                    sent++;
                }
                LockSupport.parkNanos(1_000_000);
            }
            assertThat(stream.code()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(stream.info().getReason()).isEqualTo("DRAINING");
            long read = Long.parseLong(stream.info().getMetadataOrThrow("requests_read"));
            assertThat(read).isBetween(1L, (long) sent);
            assertThat(stream.answers().stream().map(ExtractStreamResponse::getIndex))
                    .containsExactlyInAnyOrderElementsOf(
                            LongStream.range(0, read).boxed().toList());

            StreamCall rest = StreamCall.on(running.channel).send(request("one", "city"));
            assertThat(rest.halfClose().code()).isEqualTo(Status.Code.OK);
            assertThat(rest.answers()).singleElement().matches(ExtractStreamResponse::hasResponse);
        }
    }

    @Test
    void aStreamThatIsIdleForTooLongEndsAndOneThatWaitsForTheServerDoesNot() throws Exception {
        ServerConfig hasty = CONFIG.toBuilder()
                .streams(new StreamLimits(64, Duration.ofMillis(300), Duration.ofMinutes(1)))
                .build();
        try (RunningServer running = RunningServer.start(hasty)) {
            running.holdRuns(started, release);
            StreamCall waits = StreamCall.on(running.channel).send(request("one", "city"));
            StreamCall idle = StreamCall.on(running.channel);

            assertThat(idle.code()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
            assertThat(idle.info().getReason()).isEqualTo("STREAM_IDLE");
            assertThat(waits.isOver()).isFalse();
            long answeredNanos = System.nanoTime();
            release.countDown();

            assertThat(waits.code()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
            assertThat(waits.answers()).hasSize(1);
            assertThat(System.nanoTime() - answeredNanos).isGreaterThan(290_000_000);
        }
    }

    /** Two streams of one connection, of which one is read no further: the other and single calls go on. */
    @Test
    void aStreamThatIsNotReadDoesNotStopTheOthersOfItsConnection() throws Exception {
        ServerConfig few = CONFIG.toBuilder()
                .streams(new StreamLimits(1, Duration.ofMinutes(1), Duration.ofMinutes(1)))
                .build();
        ManagedChannel channel = null;
        try (RunningServer running = RunningServer.start(few)) {
            channel = NettyChannelBuilder.forAddress("127.0.0.1", running.server.port())
                    .usePlaintext()
                    .build();
            running.holdRuns(started, release);
            StreamCall stopped = StreamCall.on(channel).send(request("one", "city"));
            started.await();
            for (int i = 0; i < 40; i++) { // more than a stream's window
                stopped.send(request("w".repeat(40_000), "city"));
            }
            Waiting.until(() -> value(running, "nuner_unread_bytes") > 900_000);

            StreamCall other = StreamCall.on(channel).send(request("text", " ")).halfClose();

            assertThat(other.code()).isEqualTo(Status.Code.OK);
            assertThat(value(running, "nuner_unread_bytes")).isLessThan(1_300_000);
            release.countDown();
            assertThat(stopped.halfClose().code()).isEqualTo(Status.Code.OK);
            assertThat(stopped.answers()).hasSize(41);
            Waiting.until(() -> value(running, "nuner_unread_bytes") == 0);
        } finally {
            if (channel != null) {
                channel.shutdownNow();
            }
        }
    }

    private static String requests(String outcome) {
        return "nuner_requests_total{outcome=\"" + outcome + "\",tenant=\"default\"}";
    }

    private static double value(RunningServer running, String series) {
        try {
            return Scrape.of(running).value(series);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
