package io.nuner.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.grpc.Status;
import io.nuner.load.StepReport.CallCounts;
import io.nuner.v1.ExtractResponse;
import io.nuner.v1.Timings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever becomes of calls, in whatever order, each is counted once, and all sums agree. */
class StepRecorderPropertyTest {
    private static final Step STEP = Step.constant(100, Duration.ofSeconds(10));
    private static final long START = -5; // nanoTime may be negative
    private static final long DEADLINE_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** A call and what will become of it. */
    private record Fate(String tenant, NextCall asked, CallInFlight.Outcome outcome, boolean hangs) {}

    static LongStream seeds() {
        return LongStream.range(0, 50);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void sumsAgree(long seed) {
        Random random = new Random(seed);
        StepRecorder recorder = new StepRecorder(STEP, START);
        List<Fate> open = new ArrayList<>();
        List<Fate> all = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            Fate fate = fate(random);
            recorder.sent(fate.tenant(), fate.asked(), START + i * 1_000_000L, random.nextInt(1000));
            open.add(fate);
            all.add(fate);
            if (random.nextBoolean()) {
                end(recorder, open.remove(random.nextInt(open.size())), START + i * 1_000_000L);
            }
            assertThat(recorder.inFlight()).as("seed " + seed).isEqualTo(open.size());
        }
        Collections.shuffle(open, random);
        open.forEach(fate -> end(recorder, fate, START + TimeUnit.SECONDS.toNanos(3)));

        StepReport report = recorder.report(TimeUnit.SECONDS.toNanos(10), 16, 0);

        CallCounts calls = report.calls();
        assertThat(calls.sent()).as("seed " + seed).isEqualTo(400);
        assertThat(calls.hung()).isEqualTo(all.stream().filter(Fate::hangs).count());
        assertThat(calls.finished() + calls.hung()).isEqualTo(calls.sent());
        assertThat(sum(calls)).isEqualTo(calls.finished());
        assertThat(calls.good())
                .isEqualTo(all.stream()
                        .filter(fate -> !fate.hangs() && fate.outcome().isGood())
                        .count());
        assertPartsAddUp(report, report.accounts());
        assertPartsAddUp(report, report.tenants());
        assertThat(report.timeline().stream().mapToLong(StepReport.Second::sent).sum())
                .isEqualTo(400);
        assertThat(report.timeline().stream()
                        .mapToLong(second -> second.good() + second.refused() + second.other())
                        .sum())
                .isEqualTo(calls.finished());
    }

    @Test
    void latenciesAreThoseOfValidAnswersAndRefusalsApart() {
        StepRecorder recorder = new StepRecorder(STEP, START);
        record(recorder, NextCall.Kind.VALID, Status.Code.OK, 10);
        record(recorder, NextCall.Kind.VALID, Status.Code.OK, 3000); // after its deadline
        record(recorder, NextCall.Kind.SHORT_DEADLINE, Status.Code.OK, 1);
        record(recorder, NextCall.Kind.CANCELLED, Status.Code.OK, 1);
        record(recorder, NextCall.Kind.VALID, Status.Code.RESOURCE_EXHAUSTED, 2);
        record(recorder, NextCall.Kind.VALID, Status.Code.UNAVAILABLE, 4);
        record(recorder, NextCall.Kind.MALFORMED, Status.Code.INVALID_ARGUMENT, 1);

        StepReport report = recorder.report(TimeUnit.SECONDS.toNanos(10), 16, 0);

        assertThat(report.latencyMillis().count()).isEqualTo(2);
        assertThat(report.latencyMillis().p50()).isCloseTo(10, within(0.01));
        assertThat(report.latencyMillis().max()).isCloseTo(3000, within(3.0));
        assertThat(report.refusedMillis().count()).isEqualTo(2);
        assertThat(report.refusedMillis().max()).isCloseTo(4, within(0.01));
        assertThat(report.calls().good()).isEqualTo(3);
        assertThat(report.rates().goodput()).isCloseTo(0.3, within(1e-9));
    }

    @Test
    void goodputOfAnOverloadCountsTheTimeUntilTheLastAnswer() {
        StepRecorder recorder = new StepRecorder(STEP, START);
        NextCall asked = new NextCall(NextCall.Kind.VALID, 0, 0, 0, false, DEADLINE_NANOS, 0);
        for (int i = 0; i < 20; i++) {
            recorder.sent("", asked, START, 0);
        }
        long lateNanos = START + TimeUnit.SECONDS.toNanos(20);
        for (int i = 0; i < 20; i++) {
            recorder.finished("", new CallInFlight.Outcome(asked, Status.Code.OK, 1, null, false, false), lateNanos);
        }

        StepReport report = recorder.report(TimeUnit.SECONDS.toNanos(10), 16, 0);

        assertThat(report.rates().offered()).isCloseTo(2, within(1e-9));
        assertThat(report.rates().goodput()).isCloseTo(1, within(1e-9));
    }

    @Test
    void aLateGeneratorMakesAStepVoid() {
        NextCall asked = new NextCall(NextCall.Kind.VALID, 0, 0, 0, false, DEADLINE_NANOS, 0);
        for (long lagMillis : List.of(1L, 3L)) {
            StepRecorder recorder = new StepRecorder(STEP, START);
            recorder.sent("", asked, START, TimeUnit.MILLISECONDS.toNanos(lagMillis));
            long latencyNanos = TimeUnit.MILLISECONDS.toNanos(20);
            recorder.finished(
                    "", new CallInFlight.Outcome(asked, Status.Code.OK, latencyNanos, null, false, false), START);

            assertThat(recorder.report(1, 16, 0).voided()).isEqualTo(lagMillis == 3);
        }
    }

    @Test
    void eachBatchCountsOnceHoweverManyAnswersTellOfIt() {
        StepRecorder recorder = new StepRecorder(STEP, START);
        for (int i = 0; i < 8; i++) {
            answer(
                    recorder,
                    Timings.newBuilder().setBatchRows(8).setBatchTokens(100).setBatchPaddedTokens(160));
        }
        answer(recorder, Timings.newBuilder().setBatchRows(1).setBatchTokens(20).setBatchPaddedTokens(20));
        answer(recorder, Timings.newBuilder());

        StepReport.Batches batches = recorder.report(1, 16, 0).batches();

        assertThat(batches.count()).isCloseTo(2, within(1e-9));
        assertThat(batches.rows()).isCloseTo(4.5, within(1e-9));
        assertThat(batches.fill()).isCloseTo(4.5 / 16, within(1e-9));
        assertThat(batches.tokens()).isCloseTo(60, within(1e-9));
        assertThat(batches.padding()).isCloseTo(1.5, within(1e-9));
    }

    private static void assertPartsAddUp(StepReport report, List<StepReport.Part> parts) {
        CallCounts calls = report.calls();
        assertThat(parts.stream().mapToLong(part -> part.calls().sent()).sum()).isEqualTo(calls.sent());
        assertThat(parts.stream().mapToLong(part -> part.calls().finished()).sum())
                .isEqualTo(calls.finished());
        assertThat(parts.stream().mapToLong(part -> part.calls().hung()).sum()).isEqualTo(calls.hung());
        assertThat(parts.stream().mapToLong(part -> part.calls().good()).sum()).isEqualTo(calls.good());
        assertThat(parts.stream()
                        .mapToLong(part -> part.latencyMillis().count())
                        .sum())
                .isEqualTo(report.latencyMillis().count());
        assertThat(parts.stream()
                        .mapToLong(part -> part.refusedMillis().count())
                        .sum())
                .isEqualTo(report.refusedMillis().count());
        for (String status : calls.statuses().keySet()) {
            assertThat(parts.stream().mapToLong(part -> part.calls().of(status)).sum())
                    .isEqualTo(calls.of(status));
        }
    }

    private static long sum(CallCounts calls) {
        return calls.statuses().values().stream().mapToLong(Long::longValue).sum();
    }

    private static void end(StepRecorder recorder, Fate fate, long nowNanos) {
        if (fate.hangs()) {
            recorder.hung(fate.tenant(), fate.asked());
        } else {
            recorder.finished(fate.tenant(), fate.outcome(), nowNanos);
        }
    }

    private static Fate fate(Random random) {
        NextCall.Kind kind = any(NextCall.Kind.values(), random);
        NextCall asked = new NextCall(kind, 0, 0, 0, random.nextBoolean(), DEADLINE_NANOS, 0);
        Status.Code code = random.nextBoolean() ? Status.Code.OK : any(Status.Code.values(), random);
        long latencyNanos = (long) (random.nextDouble() * 2 * DEADLINE_NANOS);
        CallInFlight.Outcome outcome = new CallInFlight.Outcome(asked, code, latencyNanos, null, false, false);
        return new Fate(random.nextInt(3) == 0 ? "a" : "b", asked, outcome, random.nextInt(10) == 0);
    }

    private static <T> T any(T[] choices, Random random) {
        return choices[random.nextInt(choices.length)];
    }

    private static void record(StepRecorder recorder, NextCall.Kind kind, Status.Code code, long millis) {
        NextCall asked = new NextCall(kind, 0, 0, 0, false, DEADLINE_NANOS, 0);
        recorder.sent("", asked, START, 0);
        long latencyNanos = TimeUnit.MILLISECONDS.toNanos(millis);
        recorder.finished("", new CallInFlight.Outcome(asked, code, latencyNanos, null, false, false), START);
    }

    private static void answer(StepRecorder recorder, Timings.Builder timings) {
        NextCall asked = new NextCall(NextCall.Kind.VALID, 0, 0, 0, false, DEADLINE_NANOS, 0);
        ExtractResponse response =
                ExtractResponse.newBuilder().setTimings(timings).build();
        recorder.sent("", asked, START, 0);
        recorder.finished("", new CallInFlight.Outcome(asked, Status.Code.OK, 1, response, false, false), START);
    }
}
