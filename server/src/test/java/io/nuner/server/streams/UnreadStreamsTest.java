package io.nuner.server.streams;

import static io.nuner.server.RunningServer.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.engine.testing.Scoring;
import io.nuner.server.LargeAnswers;
import io.nuner.server.RunningServer;
import io.nuner.server.Scrape;
import io.nuner.server.Waiting;
import io.nuner.server.answers.StreamLimits;
import io.nuner.server.attack.EndDetails;
import io.nuner.server.attack.RawHttp2;
import io.nuner.server.config.MetricsConfig;
import io.nuner.server.config.ServerConfig;
import io.nuner.server.transport.TransportConfig;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.ExtractStreamRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that do not read their streams, or do not finish what they send, cost little and harm nobody. */
@Timeout(60)
class UnreadStreamsTest {
    private static final String STREAM = "nuner.v1.NerService/ExtractStream";
    private static final String EXTRACT = "nuner.v1.NerService/Extract";
    private static final ServerConfig CONFIG =
            RunningServer.CONFIG.toBuilder().metrics(MetricsConfig.on(0)).build();
    private static final ServerConfig HASTY = CONFIG.toBuilder()
            .streams(new StreamLimits(64, Duration.ofMinutes(1), Duration.ofMillis(400)))
            .build();
    private static final int KIB = 1024;

    @Test
    void smallAnswersThatNobodyReadsAreFew() throws Exception {
        try (RunningServer running = RunningServer.start(CONFIG)) {
            RawHttp2 deaf = RawHttp2.connectWithWindow(running.server.port(), 0);
            int stream = deaf.call(STREAM);
            for (int i = 0; i < 2000; i++) {
                deaf.data(stream, text(request("Ada met Zoë in Paris", "person", "city")), false);
            }
            Waiting.until(() -> running.engine.rows() >= 30);
            int words =
                    running.stub().extract(request("one", "city")).getUsage().getWords();

            assertThat(words).isEqualTo(1);
            assertThat(running.engine.rows()).isLessThan(200);
            assertThat(running.server.requestsInFlight()).isZero();
            assertThat(running.server.unsentAnswerBytes()).isBetween(4L * KIB, 200L * KIB);
            deaf.close();

            assertGone(running);
            double read = running.requestsCounted();
            assertThat(value(running, requests("ok"))).isEqualTo(1);
            assertThat(read).isEqualTo(running.engine.rows());
        }
    }

    @Test
    void largeAnswersThatNobodyReadsStayWithinTheShareAndALittle() throws Exception {
        try (RunningServer running = RunningServer.start(CONFIG)) {
            running.engine.score(Scoring.constant(3));
            RawHttp2 deaf = RawHttp2.connectWithWindow(running.server.port(), 0);
            int stream = deaf.call(STREAM);
            for (int i = 0; i < 8; i++) { // within the window
                deaf.data(stream, text(LargeAnswers.huge()), false);
            }
            Waiting.until(() -> running.server.unsentAnswerBytes() > 2 << 20);
            Waiting.until(() -> running.server.requestsInFlight() == 0);
            assertThat(running.server.unsentAnswerBytes()).isLessThan(32 << 20);
            assertThat(running.stub().extract(request("one", "city")).getEntitiesCount())
                    .isEqualTo(1);

            deaf.reset(stream);
            assertGone(running);
            deaf.close();
        }
    }

    @Test
    void aStreamOfWhichNothingIsTakenEndsAndItsConnectionGoesOn() throws Exception {
        try (RunningServer running = RunningServer.start(HASTY);
                RawHttp2 deaf = RawHttp2.connectWithWindow(running.server.port(), 0)) {
            int stream = deaf.call(STREAM);
            deaf.data(stream, text(request("Ada", "city")), false);

            Map<String, String> end = deaf.end(stream);

            assertThat(end).containsEntry("grpc-status", "4");
            assertThat(EndDetails.of(end).info().getReason()).isEqualTo("STREAM_IDLE");
            assertThat(deaf.end(deaf.callWith(EXTRACT, request("text", " ").toByteArray())))
                    .containsEntry("grpc-status", "3");
            assertGone(running);
            assertThat(value(running, requests("stream_idle"))).isEqualTo(1);
            assertThat(value(running, requests("ok"))).isZero();
        }
    }

    @Test
    void aStreamThatIsReadSlowlyGoesOn() throws Exception {
        try (RunningServer running = RunningServer.start(HASTY);
                RawHttp2 slow = RawHttp2.connectWithWindow(running.server.port(), 0)) {
            running.engine.score(Scoring.constant(3));
            int stream = slow.call(STREAM);
            slow.data(stream, text(LargeAnswers.request(20, 20, 50)), true); // about 35 KB
            Waiting.until(() -> running.server.unsentAnswerBytes() > 0);
            int opened = 0;
            while (running.server.unsentAnswerBytes() > 0) {
                slow.openWindow(stream, 4000);
                opened++;
                LockSupport.parkNanos(100_000_000);
            }

            assertThat(slow.end(stream)).containsEntry("grpc-status", "0");
            assertThat(opened).isGreaterThan(5); // so it took longer than a stream may stand still
            Waiting.until(() -> value(running, requests("ok")) == 1);
        }
    }

    /** What has left counts as answered, what has not as lost. */
    @Test
    void onlyWhatHasLeftCountsAsAnswered() throws Exception {
        try (RunningServer running = RunningServer.start(CONFIG)) {
            running.engine.score(Scoring.constant(3)); // each word is an entity
            RawHttp2 client = RawHttp2.connectWithWindow(running.server.port(), 0);
            int stream = client.call(STREAM);
            client.data(stream, text(request("Ada", "city")), false);
            Waiting.until(() -> running.server.unsentAnswerBytes() > 0);
            assertThat(running.requestsCounted()).isZero();

            client.openWindow(stream, 1000);
            Waiting.until(() -> running.requestsCounted() == 1);
            assertThat(value(running, requests("ok"))).isEqualTo(1);
            assertThat(running.server.unsentAnswerBytes()).isZero();
            for (int i = 0; i < 20; i++) {
                client.data(stream, text(request("Ada ".repeat(20), "city")), false);
            }
            Waiting.until(() -> running.server.unsentAnswerBytes() > 17 * 4096);
            double answered = value(running, requests("ok"));
            client.reset(stream);

            Waiting.until(() -> running.requestsCounted() == 21);
            assertThat(value(running, requests("ok"))).isEqualTo(answered).isBetween(1.0, 4.0);
            assertThat(value(running, requests("cancelled"))).isEqualTo(21 - answered);
            client.close();
        }
    }

    @Test
    void aMessageThatIsBegunMustBeCompleteInTimeAndAPauseBetweenMessagesIsNone() throws Exception {
        ServerConfig hasty = CONFIG.toBuilder()
                .transport(TransportConfig.DEFAULT.withUnread(
                        new TransportConfig.Unread(16 << 20, 64 << 20, Duration.ofMillis(150))))
                .build();
        try (RunningServer running = RunningServer.start(hasty);
                RawHttp2 slow = RawHttp2.connect(running.server.port())) {
            int resting = slow.call(STREAM);
            slow.data(resting, text(request("Ada", "city")), false);
            int stream = slow.call(STREAM);
            slow.data(stream, text(request("Ada", "city")), false);
            slow.data(stream, RawHttp2.prefixed(1000, new byte[500]), false);

            Map<String, String> end = slow.end(stream);

            assertThat(end)
                    .containsEntry("grpc-status", "4")
                    .containsEntry("grpc-message", "the message was not complete in 150 ms");
            assertThat(EndDetails.of(end).info().getReason()).isEqualTo("STREAM_IDLE");
            LockSupport.parkNanos(300_000_000);
            slow.data(resting, text(request("Zoë", "city")), true);
            assertThat(slow.end(resting)).containsEntry("grpc-status", "0");
        }
    }

    /** A client cannot complete a message while the server does not read. */
    @Test
    void aMessageThatTheServerDoesNotAskForHasAllTheTime() throws Exception {
        ServerConfig hasty = CONFIG.toBuilder()
                .streams(new StreamLimits(1, Duration.ofMinutes(1), Duration.ofMinutes(1)))
                .transport(TransportConfig.DEFAULT.withUnread(
                        new TransportConfig.Unread(16 << 20, 64 << 20, Duration.ofMillis(150))))
                .build();
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        try (RunningServer running = RunningServer.start(hasty);
                RawHttp2 client = RawHttp2.connect(running.server.port())) {
            running.holdRuns(started, release);
            int stream = client.call(STREAM);
            client.data(stream, text(request("Ada", "city")), false);
            started.await();
            byte[] next = text(request("Zoë ".repeat(10), "city"));
            client.data(stream, java.util.Arrays.copyOf(next, 20), false);
            LockSupport.parkNanos(450_000_000);
            client.data(stream, java.util.Arrays.copyOfRange(next, 20, next.length), true);
            release.countDown();

            assertThat(client.end(stream)).containsEntry("grpc-status", "0");
            Waiting.until(() -> value(running, requests("ok")) == 2);
        }
    }

    private static byte[] text(ExtractRequest request) {
        return RawHttp2.message(
                ExtractStreamRequest.newBuilder().setRequest(request).build().toByteArray());
    }

    private static void assertGone(RunningServer running) {
        Waiting.until(() -> running.server.unsentAnswerBytes() == 0);
        Waiting.until(() -> running.server.requestsInFlight() == 0);
        Waiting.until(() -> value(running, "nuner_unread_bytes") == 0);
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
