package io.nuner.server;

import static io.nuner.server.RunningServer.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.nuner.engine.testing.FakeEngine;
import io.nuner.server.config.LoadConfig;
import io.nuner.server.config.MetricsConfig;
import io.nuner.server.config.ServerConfig;
import io.nuner.server.rpc.Identification;
import io.nuner.server.texts.CallDeadline;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.NerServiceGrpc;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What is counted is what happened. */
class MetricsTest {
    private static final ServerConfig CONFIG = RunningServer.CONFIG.toBuilder()
            .metrics(MetricsConfig.on(0))
            .deadline(new CallDeadline(Duration.ofMillis(300), Duration.ofSeconds(60)))
            .load(new LoadConfig(KnownTraffic.MAX_REQUESTS, 100_000, 1024, 0, 0))
            .build();

    @Test
    void everyTextIsCountedOnceByWhatBecameOfIt() throws Exception {
        try (RunningServer running = RunningServer.start(CONFIG)) {
            KnownTraffic traffic = new KnownTraffic(running);
            traffic.answered(60);
            traffic.batches(30);
            traffic.invalid(20);
            traffic.tooLarge(20);
            traffic.expired(60); // before a held engine looks slow, which would make them unmeetable
            traffic.overloaded(500);
            traffic.cancelled(5);
            traffic.engineFailed(100);

            Scrape scrape = scrapeOf(running, traffic);

            assertOutcomes(scrape, traffic);
            assertThat(scrape.value("nuner_goodput_total{tenant=\"default\"}")).isEqualTo(traffic.answered());
            assertThat(scrape.value("nuner_goodput_tokens_total{tenant=\"default\"}"))
                    .isEqualTo(traffic.goodTokens());
            assertThat(scrape.value("nuner_request_duration_seconds_count{tenant=\"default\"}"))
                    .isEqualTo(traffic.answered());
            assertThat(scrape.sum("nuner_dropped_total")).isEqualTo(traffic.droppedTexts());
            assertThat(scrape.value("nuner_engine_failures_total{kind=\"batch\"}"))
                    .isEqualTo(100);
            assertBatches(scrape, running);
            assertNothingLeft(scrape);
        }
    }

    private static void assertOutcomes(Scrape scrape, KnownTraffic traffic) {
        traffic.outcomes()
                .forEach((outcome, texts) ->
                        assertThat(scrape.value(requests(outcome))).as(outcome).isEqualTo(texts.doubleValue()));
        assertThat(scrape.sum("nuner_requests_total")).as("no other outcome").isEqualTo(traffic.total());
    }

    private static String requests(String outcome) {
        return "nuner_requests_total{outcome=\"" + outcome + "\",tenant=\"default\"}";
    }

    private static void assertBatches(Scrape scrape, RunningServer running) {
        double batches = scrape.value("nuner_batches_total");
        double rows = scrape.value("nuner_batch_rows_sum");
        double useful = scrape.value("nuner_useful_tokens_total");
        assertThat(batches).as("batches whose texts all went away never run").isGreaterThanOrEqualTo(1);
        assertThat(running.engine.rows()).isLessThanOrEqualTo((int) rows);
        assertThat(scrape.sum("nuner_cell_total")).isEqualTo(batches);
        assertThat(scrape.value("nuner_batch_rows_count")).isEqualTo(batches);
        assertThat(scrape.value("nuner_batch_fill_ratio_count")).isEqualTo(batches);
        assertThat(scrape.sum("nuner_queue_wait_seconds_count")).isEqualTo(rows);
        assertThat(scrape.value("nuner_slack_at_launch_seconds_count")).isEqualTo(rows);
        assertThat(useful).as("all texts have the same length").isEqualTo(rows * 12);
        assertThat(scrape.value("nuner_padded_tokens_total")).isEqualTo(useful);
        assertThat(scrape.value("nuner_batch_run_seconds_count"))
                .as("each but those of which a text was gone or failed")
                .isBetween(1.0, batches);
    }

    private static void assertNothingLeft(Scrape scrape) {
        assertThat(scrape.value("nuner_in_flight_texts")).isZero();
        assertThat(scrape.value("nuner_in_flight_tokens")).isZero();
        assertThat(scrape.value("nuner_queue_texts")).isZero();
        assertThat(scrape.value("nuner_queue_oldest_age_seconds")).isZero();
        assertThat(scrape.value("nuner_admission_limit_texts")).isEqualTo(KnownTraffic.MAX_REQUESTS);
        assertThat(scrape.value("nuner_lanes")).isEqualTo(1);
        assertThat(scrape.value("nuner_ready")).isEqualTo(1);
        assertThat(scrape.value("nuner_connections")).isEqualTo(1);
    }

    @Test
    void aLostEngineIsCountedAndAskedToBeReplaced() throws Exception {
        try (RunningServer running = RunningServer.start(CONFIG)) {
            assertThat(Scrape.get(running, "/health/live").statusCode()).isEqualTo(200);
            KnownTraffic traffic = new KnownTraffic(running);
            traffic.engineLost(30);

            Scrape scrape = scrapeOf(running, traffic);

            assertOutcomes(scrape, traffic);
            assertThat(scrape.value("nuner_engine_failures_total{kind=\"lost\"}"))
                    .isEqualTo(1);
            assertThat(scrape.value("nuner_ready")).isZero();
            assertThat(Scrape.get(running, "/health/live").statusCode()).isEqualTo(503);
            assertThat(Scrape.get(running, "/health/ready").statusCode()).isEqualTo(503);
        }
    }

    /** A text's permit goes back just before it is counted. */
    private static Scrape scrapeOf(RunningServer running, KnownTraffic traffic) throws Exception {
        Waiting.until(() -> running.requestsCounted() >= traffic.total());
        return Scrape.of(running);
    }

    @Test
    void deadlinesThatCannotBeMetAreToldApartFromThoseThatPassed() throws Exception {
        CallDeadline deadline = new CallDeadline(Duration.ofMillis(5), Duration.ofMillis(5));
        int unmeetable = 0;
        FakeEngine slow = new FakeEngine(RunningServer.LIMITS, 1);
        slow.onRun(batch -> spin(20_000_000));
        try (RunningServer running =
                RunningServer.start(CONFIG.toBuilder().deadline(deadline).build(), slow)) {
            for (int i = 0; i < 200; i++) {
                unmeetable += isUnmeetable(running, request("word", "city")) ? 1 : 0;
            }

            Scrape scrape = Scrape.of(running);

            assertThat(unmeetable).isPositive();
            assertThat(scrape.value(requests("unmeetable"))).isEqualTo(unmeetable);
            assertThat(scrape.value(requests("expired"))).isEqualTo(200 - unmeetable);
            assertThat(scrape.value(requests("ok"))).isZero();
        }
    }

    @Test
    void aCallThatItsClientEndsAtItsDeadlineHasExpired() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        try (RunningServer running = RunningServer.start(CONFIG)) {
            running.holdRuns(new CountDownLatch(1), release);

            assertThatThrownBy(() -> NerServiceGrpc.newBlockingStub(running.channel)
                            .withDeadlineAfter(1, TimeUnit.SECONDS)
                            .extract(request("one", "city")))
                    .hasMessageContaining("DEADLINE_EXCEEDED");
            Waiting.until(() -> running.requestsCounted() >= 1);
            release.countDown();

            assertThat(Scrape.of(running).value(requests("expired"))).isEqualTo(1);
        }
    }

    private static void spin(long nanos) {
        long start = System.nanoTime();
        while (System.nanoTime() - start < nanos) {
            Thread.onSpinWait();
        }
    }

    private static boolean isUnmeetable(RunningServer running, ExtractRequest request) {
        try {
            running.stub().extract(request);
            throw new AssertionError("it takes longer than its deadline");
        } catch (StatusRuntimeException e) {
            return String.valueOf(e.getStatus().getDescription()).contains("too near");
        }
    }

    @Test
    void whatCallersSendIsNeverShownAndMakesNoSeries() throws Exception {
        String canary = "kanarienvogel";
        try (RunningServer running = RunningServer.start(CONFIG)) {
            running.stub().extract(request("a text", "city"));
            int before = Scrape.of(running).series().size();
            for (int i = 0; i < 10_000; i++) {
                ExtractRequest request = request(canary + i, canary + i).toBuilder()
                        .setRequestId(canary + i)
                        .build();
                from(running, canary + i).extract(request);
            }

            Scrape scrape = Scrape.of(running);

            assertThat(scrape.text().toLowerCase(Locale.ROOT)).doesNotContain(canary);
            assertThat(scrape.value(requests("ok"))).isEqualTo(1);
            assertThat(scrape.value("nuner_requests_total{outcome=\"ok\",tenant=\"other\"}"))
                    .isEqualTo(10_000);
            assertThat(scrape.series()).hasSizeBetween(before, 2_000);
            assertThat(seriesOfOurs(scrape)).isEqualTo(seriesOfOurs(Scrape.of(running)));
        }
    }

    private static NerServiceGrpc.NerServiceBlockingStub from(RunningServer running, String name) {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of(Identification.TENANT, Metadata.ASCII_STRING_MARSHALLER), name);
        headers.put(Metadata.Key.of("x-" + name, Metadata.ASCII_STRING_MARSHALLER), name);
        return running.stub().withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    private static long seriesOfOurs(Scrape scrape) {
        return scrape.series().keySet().stream()
                .filter(id -> id.startsWith("nuner_"))
                .count();
    }

    @Test
    void readingUnderLoadUsuallyTakesLessThanASecond() throws Exception {
        AtomicBoolean enough = new AtomicBoolean();
        ExecutorService callers = Executors.newFixedThreadPool(8);
        try (RunningServer running = RunningServer.start(CONFIG)) {
            for (int caller = 0; caller < 8; caller++) {
                callers.execute(() -> {
                    while (!enough.get()) {
                        running.stub().extract(request("Ada went to Paris .", "person", "city"));
                    }
                });
            }
            double counted = 0;
            List<Long> nanos = new ArrayList<>();
            for (int reading = 0; reading < 30; reading++) {
                long start = System.nanoTime();
                Scrape scrape = Scrape.of(running);
                nanos.add(System.nanoTime() - start);
                assertThat(scrape.value(requests("ok"))).isGreaterThanOrEqualTo(counted);
                counted = scrape.value(requests("ok"));
            }
            enough.set(true);
            callers.shutdown();
            assertThat(callers.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
            assertThat(counted).isPositive();
            nanos.sort(null);
            assertThat(nanos.get(nanos.size() / 2)).as("of %s", nanos).isLessThan(TimeUnit.SECONDS.toNanos(1));
        } finally {
            callers.shutdownNow();
        }
    }
}
