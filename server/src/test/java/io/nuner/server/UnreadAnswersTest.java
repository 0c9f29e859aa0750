package io.nuner.server;

import static io.nuner.server.RunningServer.request;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.ListenableFuture;
import io.nuner.engine.testing.FakeEngine;
import io.nuner.engine.testing.Scoring;
import io.nuner.server.answers.AnswerLimits;
import io.nuner.server.attack.RawHttp2;
import io.nuner.server.config.MetricsConfig;
import io.nuner.server.config.ServerConfig;
import io.nuner.v1.ExtractResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Callers that do not read harm nobody but themselves, and what they did not read counts as lost. */
class UnreadAnswersTest {
    private static final String EXTRACT = "nuner.v1.NerService/Extract";
    private static final int MIB = 1 << 20;
    private static final ServerConfig CONFIG =
            RunningServer.CONFIG.toBuilder().metrics(MetricsConfig.on(0)).build();
    private static final ServerConfig IMPATIENT = patience(Duration.ofMillis(700));
    private static final ServerConfig PATIENT = patience(Duration.ofHours(1));

    private static ServerConfig patience(Duration patience) {
        return CONFIG.toBuilder()
                .answers(new AnswerLimits(10_000, 3 * MIB, 4 * MIB, 8 * MIB, 16 * MIB, patience))
                .build();
    }

    @Test
    void whoDoesNotReadIsCutAndNobodyElseLosesACall() throws Exception {
        try (RunningServer running = start(IMPATIENT)) {
            List<RawHttp2> hogs = new ArrayList<>();
            for (int address = 2; address < 8; address++) {
                hogs.add(hog(running, address, 4));
            }
            int answered = 0;
            do {
                answered += running.stub().extract(request("Ada", "city")).getEntitiesCount();
            } while (cuts(running) < hogs.size());

            for (RawHttp2 hog : hogs) {
                hog.goodbye(); // returns once it is closed
            }
            Waiting.until(() -> running.server.unsentAnswerBytes() == 0);
            Scrape scrape = countedAll(running, answered + 4 * hogs.size());
            assertThat(scrape.value(requests("ok"))).isEqualTo(answered);
            assertThat(scrape.value("nuner_goodput_total{tenant=\"default\"}")).isEqualTo(answered);
            assertThat(scrape.value("nuner_request_duration_seconds_count{tenant=\"default\"}"))
                    .isEqualTo(answered);
            assertThat(scrape.value(requests("undelivered"))).isGreaterThanOrEqualTo(hogs.size());
            assertThat(scrape.value(requests("shutting_down"))).isZero();
            assertThat(scrape.value("nuner_unsent_answer_bytes")).isZero();
            assertThat(scrape.value("nuner_in_flight_texts")).isZero();
        }
    }

    @Test
    void whoIsOverItsShareIsToldWhyAndWhenToComeBack() throws Exception {
        try (RunningServer running = start(PATIENT);
                RawHttp2 hog = hog(running, 2, 2)) {
            Waiting.until(() -> running.server.unsentAnswerBytes() > 4 * MIB);

            int stream = hog.callWith(EXTRACT, request("Ada", "city").toByteArray());

            assertThat(hog.end(stream))
                    .containsEntry("grpc-status", "8")
                    .containsKey("grpc-retry-pushback-ms")
                    .hasEntrySatisfying(
                            "grpc-message", message -> assertThat(message).contains("answers that it has not read"));
            assertThat(countedAll(running, 1).value(requests("unread_answers"))).isEqualTo(1);
        }
    }

    @Test
    void anAnswerLeavesTheBudgetHoweverItsCallEnds() throws Exception {
        try (RunningServer running = start(PATIENT)) {
            RawHttp2 resets = hog(running, 2, 1);
            RawHttp2 leaves = hog(running, 3, 1);
            Waiting.until(() -> running.server.unsentAnswerBytes() > 4 * MIB);

            resets.reset(1);
            leaves.close();

            Waiting.until(() -> running.server.unsentAnswerBytes() == 0);
            Scrape scrape = countedAll(running, 2);
            assertThat(scrape.value(requests("cancelled"))).isEqualTo(1);
            assertThat(scrape.value(requests("undelivered"))).isEqualTo(1);
            assertThat(scrape.value(requests("ok"))).isZero();
            resets.close();
        }
    }

    /** Its windows are wide open, but nobody reads its socket: frames wait where gRPC takes them for sent when it is cut. */
    @Test
    void framesThatAreDroppedWithTheirSocketAreNoAnswer() throws Exception {
        try (RunningServer running = start(IMPATIENT);
                RawHttp2 deaf = raw(running, 2, Integer.MAX_VALUE)) {
            deaf.openWindow(0, Integer.MAX_VALUE - (1 << 16));
            int calls = 0;
            do { // until the kernel takes no more
                deaf.callWith(EXTRACT, LargeAnswers.huge().toByteArray());
                calls++;
                int sent = calls;
                Waiting.until(() -> running.requestsCounted() >= sent);
            } while (cuts(running) == 0);

            Waiting.until(() -> running.server.unsentAnswerBytes() == 0);

            Scrape scrape = countedAll(running, calls);
            assertThat(scrape.value(requests("undelivered"))).isGreaterThanOrEqualTo(1);
            assertThat(scrape.value(requests("ok")) + scrape.value(requests("undelivered")))
                    .isEqualTo(calls);
            assertThat(scrape.value("nuner_unread_connections_cut_total")).isEqualTo(1);
        }
    }

    @Test
    void aClientThatReadsGetsAllOfManyLargeAnswersAtOnce() throws Exception {
        try (RunningServer running = start(CONFIG)) {
            List<ListenableFuture<ExtractResponse>> answers = new ArrayList<>();
            for (int i = 0; i < 256; i++) {
                answers.add(running.futureStub().extract(LargeAnswers.request(100, 50, 12)));
            }

            for (ListenableFuture<ExtractResponse> answer : answers) {
                assertThat(answer.get(20, TimeUnit.SECONDS).getEntitiesCount()).isEqualTo(5000);
            }
            assertThat(countedAll(running, 256).value(requests("ok"))).isEqualTo(256);
            assertThat(running.server.unsentAnswerBytes()).isZero();
        }
    }

    private static RunningServer start(ServerConfig config) throws Exception {
        RunningServer running = RunningServer.start(config, new FakeEngine(RunningServer.LIMITS, 1));
        running.engine.score(Scoring.constant(3));
        return running;
    }

    /** A connection from 127.0.0.x that asks for huge answers and lets none out. */
    private static RawHttp2 hog(RunningServer running, int address, int calls) throws IOException {
        RawHttp2 hog = raw(running, address, 0);
        for (int i = 0; i < calls; i++) {
            hog.callWith(EXTRACT, LargeAnswers.huge().toByteArray());
        }
        return hog;
    }

    private static RawHttp2 raw(RunningServer running, int address, int window) throws IOException {
        RawHttp2 raw = RawHttp2.silent(InetAddress.getByName("127.0.0." + address), running.server.port());
        raw.preface();
        raw.frame(
                RawHttp2.SETTINGS,
                0,
                0,
                ByteBuffer.allocate(6).putShort((short) 4).putInt(window).array());
        return raw;
    }

    private static double cuts(RunningServer running) throws Exception {
        return Scrape.of(running).value("nuner_unread_connections_cut_total");
    }

    private static Scrape countedAll(RunningServer running, int texts) throws Exception {
        Waiting.until(() -> running.requestsCounted() >= texts);
        Scrape scrape = Scrape.of(running);
        assertThat(scrape.sum("nuner_requests_total")).isEqualTo(texts);
        return scrape;
    }

    private static String requests(String outcome) {
        return "nuner_requests_total{outcome=\"" + outcome + "\",tenant=\"default\"}";
    }
}
