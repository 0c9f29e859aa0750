package io.nuner.engine.trt.parity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.nuner.engine.CompileSettings.Precision;
import io.nuner.engine.EngineDescription.ParityReport;
import io.nuner.engine.EngineException;
import io.nuner.engine.EngineLane;
import io.nuner.engine.EngineLimits;
import io.nuner.engine.RowLogits;
import io.nuner.engine.TokenRow;
import io.nuner.engine.testing.FakeEngine;
import io.nuner.engine.testing.RandomRows;
import io.nuner.engine.testing.Scoring;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The reference finds the first word of each row under its first label, clearly, and nothing else, by far. */
class ParityGateTest {
    private static final EngineLimits LIMITS = new EngineLimits(4, 64, 128, 8);
    private static final int MAX_WIDTH = 2;
    private static final Scoring REFERENCE =
            (row, start, width, label) -> start == 0 && width == 0 && label == 0 ? 4 : -4;

    private final List<TokenRow> rows = new RandomRows(11, 100).rows(9, 20);
    private final ParityGate gate = ParityGate.of(Precision.FP16);

    @Test
    void anEngineThatAnswersTheSamePasses() throws EngineException {
        ParityReport report = measure(REFERENCE);

        assertThat(report).isEqualTo(new ParityReport("fake 1", "fp16", 9, 9, 0, 0, 0, 0));
        gate.require(report);
    }

    @Test
    void roundingPassesAndIsReported() throws EngineException {
        ParityReport report = measure((row, start, width, label) -> REFERENCE.score(row, start, width, label) + 0.006f);

        gate.require(report);
        assertThat(report.maxDifference()).isGreaterThan(0).isLessThan(2e-4);
        assertThat(report.p999Difference()).isGreaterThan(0).isLessThanOrEqualTo(report.maxDifference());
    }

    @Test
    void oneSpanTooManyIsRefused() throws EngineException {
        ParityReport report = measure(with(5, 4f));

        assertThat(report.spans()).isEqualTo(9);
        assertThat(report.differing()).isEqualTo(1);
        refused(report, "of 9 spans in 9 rows of real text, 1 differ from fake 1 by more than the margin of 0.02");
    }

    @Test
    void oneSpanTooFewIsRefused() throws EngineException {
        TokenRow chosen = rows.get(5);
        ParityReport report = measure(
                (row, start, width, label) -> row.equals(chosen) ? -4 : REFERENCE.score(row, start, width, label));

        assertThat(report.differing()).isEqualTo(1);
        refused(report, "1 differ");
    }

    @Test
    void aSpanThatRoundingMovesOverTheThresholdPassesAndIsCounted() throws EngineException {
        GoldenBatch golden = golden(with(5, 0.02f)); // a score of 0.505

        ParityReport report = measure(golden, with(5, -0.02f));

        assertThat(report.withinMargin()).isEqualTo(1);
        assertThat(report.differing()).isZero();
        gate.require(report);
    }

    @Test
    void aSpanThatMovesOverTheThresholdFromOutsideTheMarginIsRefused() throws EngineException {
        GoldenBatch golden = golden(with(5, 0.1f)); // a score of 0.525

        ParityReport report = measure(golden, with(5, -0.02f));

        assertThat(report.differing()).isEqualTo(1);
        assertThat(report.maxDifference()).isEqualTo(0.030, within(0.001));
        refused(report, "1 differ");
    }

    @Test
    void aScoreThatIsFarOffIsRefusedThoughNoSpanDiffers() throws EngineException {
        ParityReport report = measure(with(5, -1f)); // 0.27 instead of 0.02

        assertThat(report.differing()).isZero();
        refused(report, "0 differ");
        refused(report, "scores by up to 0.2510");
    }

    @Test
    void anErrorThatShowsOnlyInCompanyIsFound() throws EngineException {
        GoldenBatch golden = golden(REFERENCE);
        FakeEngine engine = engine();
        AtomicInteger running = new AtomicInteger();
        engine.onRun(batch -> running.set(batch.rowCount()));
        engine.score((row, start, width, label) ->
                running.get() > 1 && row.equals(rows.get(5)) ? 4 : REFERENCE.score(row, start, width, label));

        try (EngineLane lane = engine.openLane()) {
            ParityReport report = gate.measure(lane, LIMITS, golden);

            assertThat(report.differing()).isPositive();
            assertThat(engine.batches()).anyMatch(batch -> batch.rowCount() == LIMITS.maxRows());
            assertThat(engine.batches())
                    .filteredOn(batch -> batch.rowCount() == 1)
                    .hasSizeGreaterThanOrEqualTo(9);
        }
    }

    @Test
    void nanIsRefused() {
        assertThatThrownBy(() -> measure(with(5, Float.NaN)))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("the parity gate refuses fp16")
                .hasMessageContaining("NaN or infinite");
        assertThatThrownBy(() -> measure(Scoring.constant(Float.POSITIVE_INFINITY)))
                .hasMessageContaining("NaN or infinite");
    }

    @Test
    void aMissingRowIsRefused() throws EngineException {
        GoldenBatch golden = golden(REFERENCE);
        List<RowLogits> one = golden.answers().subList(0, 8);

        assertThatThrownBy(() -> gate.compare(golden, List.of(golden.answers(), one)))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("it answers 8 of 9 rows");
    }

    @Test
    void anAnswerOfAnotherShapeIsRefused() throws EngineException {
        GoldenBatch golden = golden(REFERENCE);
        List<RowLogits> answers = new ArrayList<>(golden.answers());
        answers.set(3, RowLogits.wrap(1, 1, 1, new float[1]));

        assertThatThrownBy(() -> gate.compare(golden, List.of(answers)))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("its answer to row 3 has another shape");
    }

    @Test
    void anEngineThatIsGoneIsNotMistakenForABadOne() throws EngineException {
        GoldenBatch golden = golden(REFERENCE);
        FakeEngine engine = engine();
        engine.failWith(() -> EngineException.deviceFailed("scripted", new IllegalStateException()));

        try (EngineLane lane = engine.openLane()) {
            assertThatThrownBy(() -> gate.measure(lane, LIMITS, golden))
                    .isInstanceOfSatisfying(
                            EngineException.class,
                            failure -> assertThat(failure.kind()).isEqualTo(EngineException.Kind.DEVICE_FAILED));
        }
    }

    @Test
    void theDifferenceOf999InAThousandScoresLeavesOutTheLargest() {
        float[] expected = new float[4000];
        float[] actual = new float[4000];
        for (int score = 0; score < 5; score++) {
            actual[100 * score] = 0.1f * (5 - score);
        }
        Comparison comparison = new Comparison(ParityGate.Bounds.of(Precision.FP16));
        comparison.add(RowLogits.wrap(4000, 1, 1, expected), List.of(RowLogits.wrap(4000, 1, 1, actual)));

        ParityReport report = comparison.report("onnx 1", Precision.FP16, 1);

        assertThat(report.maxDifference()).isEqualTo(0.1225, within(1e-4)); // of a logit of 0.5
        assertThat(report.p999Difference()).isEqualTo(0.0250, within(1e-4)); // the fifth of 4000
    }

    @Test
    void coarserPrecisionHasWiderBoundsThatStillRefuseAFlippedSpan() throws EngineException {
        ParityGate coarse = ParityGate.of(Precision.BF16);
        GoldenBatch golden = golden(with(5, 0.1f));
        ParityReport moved =
                coarse.compare(golden, List.of(golden(with(5, -0.02f)).answers()));
        ParityReport flipped =
                coarse.compare(golden, List.of(golden(with(5, -4f)).answers()));

        assertThatCode(() -> coarse.require(moved)).doesNotThrowAnyException();
        assertThat(moved.precision()).isEqualTo("bf16");
        assertThatThrownBy(() -> coarse.require(flipped)).isInstanceOf(EngineException.class);
    }

    /** The reference, but for the last word of one row under its last label. */
    private Scoring with(int chosen, float score) {
        TokenRow altered = rows.get(chosen);
        assertThat(altered.wordCount()).isGreaterThan(1);
        return (row, start, width, label) -> {
            boolean here = row.equals(altered) && start == row.wordCount() - 1 && label == row.labelCount() - 1;
            return here && width == 0 ? score : REFERENCE.score(row, start, width, label);
        };
    }

    private ParityReport measure(Scoring scoring) throws EngineException {
        return measure(golden(REFERENCE), scoring);
    }

    private ParityReport measure(GoldenBatch golden, Scoring scoring) throws EngineException {
        FakeEngine engine = engine();
        engine.score(scoring);
        try (EngineLane lane = engine.openLane()) {
            return gate.measure(lane, LIMITS, golden);
        }
    }

    private GoldenBatch golden(Scoring scoring) throws EngineException {
        return ReferenceEngineTest.reference(scoring).answer(ReferenceEngineTest.graphs(rows, MAX_WIDTH), LIMITS);
    }

    private static FakeEngine engine() {
        return new FakeEngine(LIMITS, 1, MAX_WIDTH);
    }

    private void refused(ParityReport report, String figures) {
        assertThatThrownBy(() -> gate.require(report))
                .isInstanceOfSatisfying(
                        EngineException.class,
                        refusal -> assertThat(refusal.kind()).isEqualTo(EngineException.Kind.CANNOT_OPEN))
                .hasMessageStartingWith("the parity gate refuses fp16: ")
                .hasMessageContaining(figures);
    }
}
