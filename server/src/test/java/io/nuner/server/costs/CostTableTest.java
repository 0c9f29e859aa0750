package io.nuner.server.costs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.nuner.engine.EngineCells;
import io.nuner.engine.EngineLimits;
import java.util.List;
import org.junit.jupiter.api.Test;

class CostTableTest {
    private static final EngineLimits LIMITS = new EngineLimits(16, 512, 4096, 100);
    private static final CostModel COSTS =
            new CostModel(new CostTerms(1_000_000, 20_000, 3_000, 100_000, 50), EngineCells.ANY);
    private static final CostTable TABLE = new CostTable(
            List.of(
                    new MeasuredBatch(new BatchShape(1, 16, 16), 2_000_000),
                    new MeasuredBatch(new BatchShape(4, 64, 112), 16_000_000)),
            COSTS,
            LIMITS,
            "measured at start");

    @Test
    void everyNumberIsInPrintUnderItsName() {
        assertThat(TABLE.lines())
                .containsExactly(
                        "batch costs: measured at start",
                        "  rows  longest   tokens  measured ms    fitted ms  error %  tokens/ms",
                        "     1       16       16        2.000        2.681     34.0       8.00",
                        "     4       64      112       16.000       13.291    -16.9       7.00",
                        "  error: median 34.0 %, worst 34.0 %",
                        "  microseconds: 1000.0 + 20.00 a row + 3.000 a step + 100.000 a token"
                                + " + 0.050000 a padded square");
    }

    @Test
    void errorsAreRelativeToWhatWasMeasured() {
        assertThat(TABLE.error(TABLE.measured().get(0))).isCloseTo(0.3404, within(1e-9));
        assertThat(TABLE.error(TABLE.measured().get(1))).isCloseTo(-0.1693, within(1e-4));
        assertThat(TABLE.worstError()).isCloseTo(0.3404, within(1e-9));
    }

    @Test
    void anAssumedTableSaysSo() {
        CostTable assumed = CostTable.assumed(COSTS, LIMITS);

        assertThat(assumed.lines()).hasSize(2).first().isEqualTo("batch costs: assumed");
        assertThat(assumed.worstError()).isZero();
        assertThat(assumed.medianError()).isZero();
    }
}
