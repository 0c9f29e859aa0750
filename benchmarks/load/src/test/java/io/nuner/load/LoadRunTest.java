package io.nuner.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nuner.load.FakeNerService.Behaviour;
import io.nuner.load.LoadSchedule.Spacing;
import io.nuner.load.StepReport.CallCounts;
import io.nuner.load.Traffic.Tenant;
import io.nuner.v1.GetServerInfoResponse;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;

/** Runs against a fake server on loopback, a second or two each. */
class LoadRunTest {
    private static final Duration DEADLINE = Duration.ofMillis(800);
    private static final List<String> TEXTS = List.of("Ada", "Charles Babbage");

    @Test
    void everyCallOfAStepIsAnswered() throws Exception {
        List<LoadRun.Status> seen = new CopyOnWriteArrayList<>();
        try (Scene scene = new Scene(call -> Behaviour.ANSWER, Traffic.plain(DEADLINE))) {
            StepReport report = scene.run(steps(Step.constant(400, Duration.ofMillis(500))), seen::add)
                    .get(0);

            assertThat(report.calls().statuses()).containsExactly(Map.entry("OK", 200L));
            assertThat(report.rates().offered()).isCloseTo(400, within(1e-6));
            assertThat(report.rates().goodput()).isBetween(200.0, 401.0);
            assertThat(report.latencyMillis().count()).isEqualTo(200);
            assertThat(report.latencyMillis().p50()).isPositive();
            assertThat(report.lagMillis().count()).isEqualTo(200);
            assertThat(report.batches().count()).isCloseTo(100, within(1e-6));
            assertThat(report.batches().fill()).isCloseTo(2.0 / 16, within(1e-6));
            assertThat(report.batches().padding()).isCloseTo(1.2, within(1e-6));
            assertThat(report.batches().queueMillis().p50()).isCloseTo(1, within(0.01));
            assertThat(scene.service.calls()).isEqualTo(200);
        }
        assertThat(seen).extracting(LoadRun.Status::done).isSorted().last().isNotEqualTo(0.0);
        assertThat(seen).anyMatch(status -> status.step().equals("400/s") && status.p99Millis() > 0);
    }

    @Test
    void theWarmUpIsSentButNotCounted() throws Exception {
        try (Scene scene = new Scene(call -> Behaviour.ANSWER, Traffic.plain(DEADLINE))) {
            Step step = Step.constant(100, Duration.ofMillis(500));
            LoadSchedule schedule = new LoadSchedule(List.of(step), Spacing.CONSTANT, Duration.ofMillis(300), false, 1);

            List<StepReport> reports = scene.run(schedule, status -> {});

            assertThat(reports)
                    .singleElement()
                    .satisfies(report -> assertThat(report.calls().sent()).isEqualTo(50));
            assertThat(scene.service.calls()).isEqualTo(80);
        }
    }

    @Test
    void refusalsAreCountedWithWhatTheySayAboutTryingAgain() throws Exception {
        LongFunction<Behaviour> half = call -> call % 2 == 0 ? Behaviour.REFUSE : Behaviour.ANSWER;
        try (Scene scene = new Scene(half, Traffic.plain(DEADLINE))) {
            StepReport report = scene.run(steps(Step.constant(400, Duration.ofMillis(250))), status -> {})
                    .get(0);

            assertThat(report.calls().of("RESOURCE_EXHAUSTED")).isEqualTo(50);
            assertThat(report.calls().good()).isEqualTo(50);
            assertThat(report.refusedMillis().count()).isEqualTo(50);
            assertThat(report.latencyMillis().count()).isEqualTo(50);
            assertThat(report.retries()).isEqualTo(new StepReport.Retries(50, 50));
            assertThat(scene.service.calls()).as("nothing is sent twice").isEqualTo(100);
        }
    }

    @Test
    void callsThatHangEndAtTheirDeadline() throws Exception {
        LongFunction<Behaviour> some = call -> call % 10 == 0 ? Behaviour.HANG : Behaviour.ANSWER;
        try (Scene scene = new Scene(some, Traffic.plain(DEADLINE))) {
            StepReport report = scene.run(steps(Step.constant(400, Duration.ofMillis(250))), status -> {})
                    .get(0);

            assertThat(report.calls().of("DEADLINE_EXCEEDED")).isBetween(10L, 50L); // a machine in need may add some
            assertThat(report.calls().of("OK") + report.calls().of("DEADLINE_EXCEEDED"))
                    .isEqualTo(100);
            assertThat(report.calls().hung()).isZero();
        }
    }

    @Test
    void aRunThatIsStoppedReportsCallsWithoutAnEnd() throws Exception {
        Traffic patient = Traffic.plain(Duration.ofMinutes(10));
        try (Scene scene = new Scene(call -> Behaviour.HANG, patient)) {
            LoadRun run = scene.prepare(steps(Step.constant(100, Duration.ofHours(1))));

            StepReport report = run.run(
                            status -> {
                                if (status.inFlight() >= 20) {
                                    run.stop();
                                }
                            },
                            16)
                    .get(0);

            assertThat(report.calls().sent()).isGreaterThanOrEqualTo(20);
            assertThat(report.calls().hung()).isEqualTo(report.calls().sent());
            assertThat(report.calls().finished()).isZero();
            assertThat(report.rates().offered()).isBetween(50.0, 110.0);
        }
    }

    @Test
    void everyKindIsAccountedForByTenant() throws Exception {
        Traffic traffic = new Traffic(List.of(new Tenant("a", 3), new Tenant("b", 1)), 0.3, 0.2, 0.2, 0.2, DEADLINE);
        LongFunction<Behaviour> mixed =
                call -> call % 3 == 0 ? Behaviour.HANG : call % 3 == 1 ? Behaviour.REFUSE : Behaviour.ANSWER;
        try (Scene scene = new Scene(mixed, traffic)) {
            StepReport report = scene.run(steps(Step.constant(800, Duration.ofMillis(500))), status -> {})
                    .get(0);

            CallCounts calls = report.calls();
            assertThat(calls.sent()).isEqualTo(400);
            assertThat(calls.finished() + calls.hung()).isEqualTo(400);
            assertThat(calls.hung()).isZero();
            assertThat(calls.of("CANCELLED")).isPositive();
            assertThat(report.accounts()).extracting(StepReport.Part::kind).contains(names());
            assertThat(report.tenants()).extracting(StepReport.Part::tenant).containsExactlyInAnyOrder("a", "b");
            // a call that ends before it reaches the wire is known to the client alone
            assertThat(report.tenants())
                    .allSatisfy(tenant -> assertThat(tenant.calls().sent())
                            .isGreaterThanOrEqualTo(scene.service.tenants().get(tenant.tenant())));
            assertThat(report.accounts())
                    .filteredOn(part -> part.kind().equals("MALFORMED"))
                    .allSatisfy(part -> assertThat(part.latencyMillis().count()).isZero());
        }
    }

    @Test
    void aClosedLoopKeepsItsCallsInFlightAndSaysWhatItIsNot() throws Exception {
        LoadSchedule schedule = steps(Step.closed(3, Duration.ofMillis(500)));
        try (Scene scene = new Scene(call -> Behaviour.ANSWER, Traffic.plain(DEADLINE))) {
            StepReport report = scene.run(schedule, status -> {}).get(0);

            assertThat(report.calls().good())
                    .isEqualTo(report.calls().sent())
                    .isEqualTo(scene.service.calls())
                    .isGreaterThan(50);
            assertThat(report.voided()).isFalse();
        }
        assertThat(LoadReport.note(schedule)).contains("no claim about latency");
    }

    @Test
    void stepsFollowOneAnother() throws Exception {
        Step fast = Step.constant(200, Duration.ofMillis(300));
        Step ramp = Step.ramp(0, 190, Duration.ofMillis(300));
        LoadSchedule schedule = new LoadSchedule(List.of(fast, ramp), Spacing.CONSTANT, Duration.ZERO, true, 1);
        try (Scene scene = new Scene(call -> Behaviour.ANSWER, Traffic.plain(DEADLINE))) {
            List<StepReport> reports = scene.run(schedule, status -> {});

            assertThat(reports).extracting(StepReport::step).containsExactly("200/s", "0..190/s");
            assertThat(reports).extracting(report -> report.calls().good()).containsExactly(60L, 29L);
        }
    }

    @Test
    void theTraceHoldsValidCallsWithTheirTokens() throws Exception {
        Traffic traffic = new Traffic(List.of(new Tenant("a\"b", 1)), 0, 0, 0, 0.5, DEADLINE);
        try (Scene scene = new Scene(call -> Behaviour.ANSWER, traffic)) {
            StepReport report = scene.run(steps(Step.constant(400, Duration.ofMillis(250))), status -> {})
                    .get(0);
            StringWriter written = new StringWriter();
            TraceLog.Written counts = scene.trace.write(written, 0);

            long valid = report.accounts().stream()
                    .filter(part -> part.kind().equals("VALID"))
                    .mapToLong(part -> part.calls().sent())
                    .sum();
            assertThat(counts).isEqualTo(new TraceLog.Written(valid, 0));
            List<JsonObject> lines = written.toString()
                    .lines()
                    .map(line -> JsonParser.parseString(line).getAsJsonObject())
                    .toList();
            assertThat(lines).hasSize((int) valid).allSatisfy(line -> {
                assertThat(line.keySet())
                        .containsExactly("at_micros", "tokens", "labels", "tenant", "bulk", "deadline_millis");
                assertThat(line.get("tenant").getAsString()).isEqualTo("a\"b");
                assertThat(line.get("deadline_millis").getAsLong()).isEqualTo(800);
                assertThat(line.get("labels").getAsInt()).isEqualTo(2);
                assertThat(line.get("tokens").getAsInt()).isIn("Ada".length() + 2, "Charles Babbage".length() + 2);
            });
            assertThat(lines)
                    .extracting(line -> line.get("at_micros").getAsLong())
                    .isSorted();
        }
    }

    @Test
    void theTraceLeavesOutWhatNoAnswerToldOf() throws Exception {
        try (Scene scene = new Scene(call -> Behaviour.REFUSE, Traffic.plain(DEADLINE))) {
            scene.run(steps(Step.constant(100, Duration.ofMillis(100))), status -> {});
            StringWriter written = new StringWriter();

            assertThat(scene.trace.write(written, 0)).isEqualTo(new TraceLog.Written(0, 10));
            assertThat(written.toString()).isEmpty();
        }
    }

    @Test
    void jsonHoldsOptionsServerAndFigures() throws Exception {
        LoadSchedule schedule = steps(Step.constant(100, Duration.ofMillis(200)));
        Traffic traffic = Traffic.plain(DEADLINE);
        try (Scene scene = new Scene(call -> Behaviour.ANSWER, traffic)) {
            LoadReport report = LoadReport.of(
                    schedule,
                    false,
                    LoadReport.Options.of("localhost:1", 2, schedule, traffic, new LoadReport.Asked(List.of(), 2, 1)),
                    GetServerInfoResponse.getDefaultInstance(),
                    scene.run(schedule, status -> {}));

            JsonObject json = JsonParser.parseString(report.toJson()).getAsJsonObject();

            assertThat(json.get("mode").getAsString()).isEqualTo("open-loop");
            assertThat(json.getAsJsonObject("options").get("seed").getAsLong()).isEqualTo(1);
            JsonObject step = json.getAsJsonArray("steps").get(0).getAsJsonObject();
            assertThat(step.keySet())
                    .contains("step", "void", "load", "rates", "calls", "latencyMillis", "refusedMillis", "lagMillis")
                    .contains("retries", "batches", "accounts", "tenants", "timeline");
            assertThat(step.getAsJsonObject("latencyMillis").keySet())
                    .containsExactly("count", "mean", "p50", "p90", "p99", "p999", "max");
            assertThat(step.getAsJsonObject("calls")
                            .getAsJsonObject("statuses")
                            .get("OK")
                            .getAsLong())
                    .isEqualTo(20);
        }
    }

    private static String[] names() {
        return Arrays.stream(NextCall.Kind.values()).map(Enum::name).toArray(String[]::new);
    }

    private static LoadSchedule steps(Step step) {
        return new LoadSchedule(List.of(step), Spacing.CONSTANT, Duration.ZERO, false, 1);
    }

    /** A server and what is asked of it. */
    private static final class Scene implements AutoCloseable {
        private final FakeNerService service;
        private final Connections connections;
        private final Workload workload;
        private final TraceLog trace;

        Scene(LongFunction<Behaviour> behaviour, Traffic traffic) throws IOException {
            service = new FakeNerService(behaviour);
            connections = Connections.open(service.target(), false, 2);
            connections.serverInfo(Duration.ofSeconds(10));
            workload = new Workload(TextPool.of(TEXTS), LabelSets.of(List.of(List.of("x", "y"))), traffic, 1);
            trace = new TraceLog(workload, 1000);
        }

        LoadRun prepare(LoadSchedule schedule) {
            return new LoadRun(connections, workload, schedule, trace);
        }

        List<StepReport> run(LoadSchedule schedule, LoadRun.Listener listener) throws InterruptedException {
            return prepare(schedule).run(listener, 16);
        }

        @Override
        public void close() {
            connections.close();
            service.close();
        }
    }
}
