package io.nuner.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import io.nuner.engine.EngineCells;
import io.nuner.engine.EngineLimits;
import io.nuner.engine.testing.FakeEngine;
import io.nuner.server.batching.Batch;
import io.nuner.server.batching.Rejection;
import io.nuner.server.batching.Tenant;
import io.nuner.server.batching.Tenants;
import io.nuner.server.costs.BatchShape;
import io.nuner.server.costs.CostModel;
import io.nuner.server.costs.CostTable;
import io.nuner.server.costs.CostTerms;
import io.nuner.server.costs.MeasuredBatch;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The counting itself: few series, and nothing left for the garbage collector. */
class MetersTest {
    private static final EngineLimits WIDE = new EngineLimits(128, 2048, 16_384, 100);

    @Test
    void madeUpTenantsMakeNoSeries() {
        Tenants tenants = new Tenants(Map.of("gold", 3), 20_000);
        try (Telemetry telemetry = telemetry(tenants)) {
            Meters meters = telemetry.meters();
            meters.refused(tenants.named("gold"), Rejection.INVALID, 2);
            int before = Scrape.parse(telemetry.scrape()).series().size();
            for (int i = 0; i < 10_000; i++) {
                Tenant madeUp = tenants.named("tenant-" + i);
                meters.answered(madeUp, 1_000_000, 10, true);
                meters.refused(madeUp, Rejection.OVERLOADED, 1);
            }

            Scrape scrape = Scrape.parse(telemetry.scrape());

            assertThat(scrape.series()).hasSize(before);
            assertThat(scrape.value(outcome("gold", "invalid"))).isEqualTo(2);
            assertThat(scrape.value(outcome("other", "ok"))).isEqualTo(10_000);
            assertThat(scrape.value(outcome("other", "overloaded"))).isEqualTo(10_000);
            assertThat(scrape.text()).doesNotContain("tenant-");
        }
    }

    @Test
    void tenantsThatComeLaterAreCountedByNameAsLongAsThereIsRoom() {
        Tenants tenants = new Tenants(Map.of("gold", 3), 0);
        try (Telemetry telemetry = telemetry(tenants)) {
            Meters meters = telemetry.meters();
            for (int change = 0; change < 100; change++) {
                tenants.configure(Map.of("gold", 3, "changing-" + change, 5), 0, false);
                meters.follow(tenants);
                meters.refused(tenants.named("changing-" + change), Rejection.INVALID, 1);
            }
            meters.refused(tenants.named("gold"), Rejection.INVALID, 1);

            Scrape scrape = Scrape.parse(telemetry.scrape());

            assertThat(scrape.value(outcome("changing-0", "invalid"))).isEqualTo(1);
            assertThat(scrape.value(outcome("gold", "invalid"))).isEqualTo(1);
            assertThat(scrape.value(outcome("other", "invalid"))).isEqualTo(100 - Meters.MAX_NAMED + 1);
        }
    }

    @Test
    void theLargestConfigurationStaysBelowTwoThousandSeries() {
        Map<String, Integer> weights = new HashMap<>();
        for (int i = 0; i < 1000; i++) {
            weights.put("configured-" + i, i + 1);
        }
        Tenants tenants = new Tenants(weights, 0);
        try (Telemetry telemetry = telemetry(tenants)) {
            telemetry.meters().refused(tenants.named("configured-999"), Rejection.EXPIRED, 1);
            telemetry.meters().refused(tenants.named("configured-3"), Rejection.EXPIRED, 1);
            List<MeasuredBatch> measured = IntStream.rangeClosed(1, 1000)
                    .mapToObj(rows -> new MeasuredBatch(BatchShape.full(rows, 16), 1_000_000))
                    .toList();
            CostModel costs = new CostModel(new CostTerms(1e6, 0, 0, 0, 0), EngineCells.ANY);
            telemetry.describe(new CostTable(measured, costs, WIDE, "made up"));
            telemetry.bindProcess();

            Scrape scrape = Scrape.parse(telemetry.scrape());

            assertThat(scrape.series()).hasSizeLessThanOrEqualTo(2000);
            assertThat(scrape.value(outcome("configured-999", "expired"))).isEqualTo(1);
            assertThat(scrape.value(outcome("other", "expired"))).isEqualTo(1);
            assertThat(scrape.value("nuner_cell_measured_seconds{longest=\"16\",rows=\"1\",tokens=\"16\"}"))
                    .isEqualTo(0.001);
        }
    }

    @Test
    void histogramsReachFromHalfAMillisecondToAMinute() {
        Tenants tenants = new Tenants(Map.of(), 0);
        try (Telemetry telemetry = telemetry(tenants)) {
            telemetry.meters().answered(tenants.unnamed(), 500_000, 7, true);
            telemetry.meters().answered(tenants.unnamed(), 59_000_000_000L, 7, false);

            Scrape scrape = Scrape.parse(telemetry.scrape());

            assertThat(scrape.value(duration("5.0E-4"))).isEqualTo(1);
            assertThat(scrape.value(duration("30.0"))).isEqualTo(1);
            assertThat(scrape.value(duration("60.0"))).isEqualTo(2);
            assertThat(scrape.value("nuner_goodput_total{tenant=\"default\"}")).isEqualTo(1);
            assertThat(scrape.value("nuner_goodput_tokens_total{tenant=\"default\"}"))
                    .isEqualTo(7);
        }
    }

    @Test
    void aBatchIsDescribedByItsRowsItsPaddingAndItsSlack() {
        Tenants tenants = new Tenants(Map.of(), 0);
        try (Telemetry telemetry = telemetry(tenants)) {
            OneBatch one = OneBatch.of(tenants, WIDE, 10, 20, 30);

            telemetry.meters().launched(one.batch());
            one.batch().ran(2 * one.batch().expectedNanos());
            telemetry.meters().finished(one.batch());

            Scrape scrape = Scrape.parse(telemetry.scrape());
            assertThat(scrape.value("nuner_useful_tokens_total")).isEqualTo(60);
            assertThat(scrape.value("nuner_padded_tokens_total")).isEqualTo(90);
            assertThat(scrape.value("nuner_cell_tokens_total")).isEqualTo(4 * 32);
            assertThat(scrape.value("nuner_cell_total{longest=\"32\",rows=\"4\"}"))
                    .isEqualTo(1);
            assertThat(scrape.value("nuner_batch_fill_ratio_sum")).isCloseTo(3.0 / 128, within(1e-6));
            assertThat(scrape.value("nuner_batch_run_over_expected_ratio_sum")).isEqualTo(2);
            assertThat(scrape.value("nuner_slack_at_launch_seconds_count")).isEqualTo(3);
            assertThat(scrape.value("nuner_launched_late_total")).isZero();
        }
    }

    @Test
    void countingABatchAllocatesNothing() {
        Tenants tenants = new Tenants(Map.of(), 0);
        try (Telemetry telemetry = telemetry(tenants)) {
            int[] lengths = new int[16];
            Arrays.fill(lengths, 40);
            Batch batch = OneBatch.of(tenants, WIDE, lengths).batch();
            batch.ran(1_000_000);
            count(telemetry.meters(), batch, 20_000);
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long before = threads.getCurrentThreadAllocatedBytes();
            count(telemetry.meters(), batch, 20_000);
            long bytes = threads.getCurrentThreadAllocatedBytes() - before;

            assertThat(bytes / 20_000).as("bytes for each batch").isZero();
        }
    }

    private static void count(Meters meters, Batch batch, int times) {
        for (int i = 0; i < times; i++) {
            meters.launched(batch);
            meters.finished(batch);
        }
    }

    private static Telemetry telemetry(Tenants tenants) {
        FakeEngine engine = new FakeEngine(WIDE, 1);
        engine.padTo(EngineCells.copyOf(List.of(32, 64, 2048), List.of(1, 4, 16, 128)));
        return new Telemetry(RunningServer.CONFIG, tenants, engine);
    }

    private static String outcome(String tenant, String outcome) {
        return "nuner_requests_total{outcome=\"" + outcome + "\",tenant=\"" + tenant + "\"}";
    }

    private static String duration(String bound) {
        return "nuner_request_duration_seconds_bucket{tenant=\"default\",le=\"" + bound + "\"}";
    }
}
