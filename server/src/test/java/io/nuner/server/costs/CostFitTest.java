package io.nuner.server.costs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.nuner.engine.EngineCells;
import io.nuner.engine.EngineLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CostFitTest {
    private static final EngineLimits LIMITS = new EngineLimits(32, 512, 4096, 100);

    @Test
    void exactMeasurementsGiveTheTermsBack() {
        CostTerms terms = new CostTerms(400_000, 50_000, 8_000, 120_000, 100);
        CostModel truth = new CostModel(terms, EngineCells.ANY);

        CostTerms found = CostFit.of(measured(truth, 0, 1), EngineCells.ANY).terms();

        assertThat(found.fixed()).isCloseTo(terms.fixed(), Percentage.withPercentage(0.1));
        assertThat(found.perRow()).isCloseTo(terms.perRow(), Percentage.withPercentage(0.1));
        assertThat(found.perStep()).isCloseTo(terms.perStep(), Percentage.withPercentage(0.1));
        assertThat(found.perToken()).isCloseTo(terms.perToken(), Percentage.withPercentage(0.1));
        assertThat(found.perPaddedSquare()).isCloseTo(terms.perPaddedSquare(), Percentage.withPercentage(0.1));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void noisyMeasurementsPredictOtherShapesToo(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        EngineCells cells =
                random.nextBoolean() ? EngineCells.ANY : EngineCells.copyOf(List.of(64, 128, 256, 512), List.of());
        CostTerms terms = new CostTerms(
                maybe(random, 2e6),
                maybe(random, 3e5),
                maybe(random, 3e4),
                1e4 + maybe(random, 2e5),
                maybe(random, 200));
        CostModel truth = new CostModel(terms, cells);

        CostModel found = CostFit.of(measured(truth, 0.03, seed), cells);

        for (int trial = 0; trial < 200; trial++) {
            int longest = 16 + random.nextInt(LIMITS.maxRowTokens() - 15);
            int mostRows = Math.min(LIMITS.maxRows(), LIMITS.maxBatchTokens() / cells.paddedLength(longest));
            int rows = 1 + random.nextInt(mostRows);
            int tokens = longest + (rows - 1) * (1 + random.nextInt(longest));
            assertThat((double) found.nanos(rows, longest, tokens) / truth.nanos(rows, longest, tokens))
                    .as("%d rows, longest %d, %d tokens, %s, seed %d", rows, longest, tokens, terms, seed)
                    .isCloseTo(1, within(0.15));
        }
    }

    /** Terms that are not there at all must be found to be so, or nearly. */
    private static double maybe(SplittableRandom random, double most) {
        return random.nextInt(3) == 0 ? 0 : random.nextDouble(most);
    }

    private static List<MeasuredBatch> measured(CostModel truth, double noise, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<MeasuredBatch> measured = new ArrayList<>();
        for (BatchShape shape : new ShapeGrid(LIMITS, truth.cells(), 4096).shapes()) {
            double off = 1 + noise * (2 * random.nextDouble() - 1);
            long nanos = truth.nanos(shape.rows(), shape.longestRow(), shape.tokens());
            measured.add(new MeasuredBatch(shape, Math.max(1, Math.round(nanos * off))));
        }
        return measured;
    }

    @Test
    void largerBatchesThatTookLessTimeGiveNoNegativeTerm() {
        List<MeasuredBatch> strange = List.of(
                new MeasuredBatch(BatchShape.full(1, 16), 9_000_000),
                new MeasuredBatch(BatchShape.full(4, 16), 5_000_000),
                new MeasuredBatch(BatchShape.full(1, 64), 3_000_000),
                new MeasuredBatch(BatchShape.full(4, 64), 1_000_000));

        CostModel found = CostFit.of(strange, EngineCells.ANY);

        assertThat(found.terms().fixed()).isPositive();
        assertThat(found.nanos(4, 64, 256)).isBetween(1_000_000L, 9_000_000L);
    }

    @Test
    void whatCannotBeToldApartIsBorneByTokens() {
        MeasuredBatch batch = new MeasuredBatch(BatchShape.full(2, 32), 6_400_000);

        assertThat(CostFit.of(List.of(batch), EngineCells.ANY).terms().perToken())
                .isCloseTo(100_000, Percentage.withPercentage(0.001));
        assertThat(CostFit.of(List.of(batch, batch, batch), EngineCells.ANY).nanos(2, 32, 64))
                .isCloseTo(6_400_000, within(2L));
    }

    @Test
    void threeShapesTellTheFixedPartFromTokens() {
        List<MeasuredBatch> measured = List.of(
                new MeasuredBatch(BatchShape.full(1, 10), 2_000_000),
                new MeasuredBatch(BatchShape.full(1, 20), 3_000_000),
                new MeasuredBatch(BatchShape.full(1, 40), 5_000_000));

        CostModel found = CostFit.of(measured, EngineCells.ANY);

        assertThat(found.nanos(1, 10, 10)).isCloseTo(2_000_000, within(2L));
        assertThat(found.nanos(1, 20, 20)).isCloseTo(3_000_000, within(2L));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void fewAndVeryNoisyShapesDoNotLeadAstrayAboutLargeBatches(long seed) {
        CostModel truth = new CostModel(new CostTerms(2e6, 1e5, 1e4, 1.3e5, 100), EngineCells.ANY);
        List<MeasuredBatch> all = measured(truth, 0.3, seed);
        for (int shapes = 3; shapes <= 6; shapes++) {
            CostModel found = CostFit.of(all.subList(0, shapes), EngineCells.ANY);

            assertThat((double) found.nanos(16, 128, 2048) / truth.nanos(16, 128, 2048))
                    .as("%d shapes, seed %d", shapes, seed)
                    .isBetween(0.5, 2.0);
        }
    }

    @Test
    void nothingMeasuredIsNothingToFit() {
        assertThatThrownBy(() -> CostFit.of(List.of(), EngineCells.ANY))
                .hasMessage("a fit needs at least one measured batch");
    }
}
