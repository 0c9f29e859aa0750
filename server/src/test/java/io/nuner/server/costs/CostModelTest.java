package io.nuner.server.costs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nuner.engine.EngineCells;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CostModelTest {
    private static final CostTerms TERMS = new CostTerms(100_000, 10_000, 1_000, 500, 2);

    @Test
    void aBatchCostsTheSumOfItsTerms() {
        CostModel costs = new CostModel(TERMS, EngineCells.ANY);

        assertThat(costs.nanos(3, 20, 45)).isEqualTo(100_000 + 3 * 10_000 + 20 * 1_000 + 45 * 500 + 3 * 20 * 20 * 2);
    }

    @Test
    void rowsAndLengthCostWhatTheEnginePadsThemTo() {
        CostModel costs = new CostModel(TERMS, EngineCells.copyOf(List.of(32, 64), List.of(4, 8)));

        assertThat(costs.nanos(3, 20, 45)).isEqualTo(100_000 + 4 * 10_000 + 32 * 1_000 + 45 * 500 + 4 * 32 * 32 * 2);
    }

    @Test
    void nothingIsFreeAndNothingOverflows() {
        CostModel free = new CostModel(new CostTerms(0, 0, 0, 0, 0), EngineCells.ANY);
        CostModel dear = new CostModel(new CostTerms(0, 0, 0, 0, 1e300), EngineCells.ANY);

        assertThat(free.nanos(1, 1, 1)).isEqualTo(1);
        assertThat(dear.nanos(1 << 20, 1 << 20, Integer.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aLargerBatchNeverCostsLess(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int trial = 0; trial < 1000; trial++) {
            CostTerms terms = new CostTerms(
                    random.nextDouble(1e6),
                    random.nextDouble(1e5),
                    random.nextDouble(1e4),
                    random.nextDouble(1e4),
                    random.nextDouble(10));
            EngineCells cells = random.nextBoolean()
                    ? EngineCells.ANY
                    : EngineCells.copyOf(List.of(16, 64, 500), List.of(1, 2, 8, 32));
            CostModel costs = new CostModel(terms, cells);
            int rows = 1 + random.nextInt(40);
            int longest = 1 + random.nextInt(600);
            int tokens = rows * longest;

            long nanos = costs.nanos(rows, longest, tokens);

            assertThat(List.of(
                            costs.nanos(rows + 1, longest, tokens),
                            costs.nanos(rows, longest + 1, tokens),
                            costs.nanos(rows, longest, tokens + 1)))
                    .as("seed %d, trial %d", seed, trial)
                    .allMatch(larger -> larger >= nanos);
        }
    }

    @Test
    void termsAreFiniteAndNotNegative() {
        assertThatThrownBy(() -> new CostTerms(0, -1, 0, 0, 0))
                .hasMessage("perRow must be finite and not negative, but was -1.0");
        assertThatThrownBy(() -> new CostTerms(0, 0, 0, 0, Double.NaN))
                .hasMessage("perPaddedSquare must be finite and not negative, but was NaN");
        assertThatThrownBy(() -> new CostTerms(Double.POSITIVE_INFINITY, 0, 0, 0, 0))
                .hasMessage("fixed must be finite and not negative, but was Infinity");
    }

    @Test
    void aShapeHoldsAtLeastATokenForEachRowAndNoMoreThanItsPadding() {
        assertThat(new BatchShape(3, 10, 12).paddedTokens()).isEqualTo(30);
        assertThat(BatchShape.full(3, 10)).isEqualTo(new BatchShape(3, 10, 30));
        assertThatThrownBy(() -> new BatchShape(3, 10, 11))
                .hasMessageContaining("tokens")
                .hasMessageContaining("11");
        assertThatThrownBy(() -> new BatchShape(3, 10, 31))
                .hasMessageContaining("tokens")
                .hasMessageContaining("31");
        assertThatThrownBy(() -> new BatchShape(0, 10, 10))
                .hasMessageContaining("rows")
                .hasMessageContaining("0");
        assertThatThrownBy(() -> new BatchShape(1, 0, 0)).hasMessageContaining("longestRow");
    }
}
