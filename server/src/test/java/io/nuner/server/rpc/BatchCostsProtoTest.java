package io.nuner.server.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nuner.engine.EngineCells;
import io.nuner.engine.EngineLimits;
import io.nuner.server.costs.BatchShape;
import io.nuner.server.costs.CostModel;
import io.nuner.server.costs.CostTable;
import io.nuner.server.costs.CostTerms;
import io.nuner.server.costs.MeasuredBatch;
import io.nuner.v1.BatchCosts;
import io.nuner.v1.Limits;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchCostsProtoTest {
    private static final CostTable TABLE = new CostTable(
            List.of(
                    new MeasuredBatch(new BatchShape(1, 16, 16), 2_000_000),
                    new MeasuredBatch(new BatchShape(4, 64, 112), 16_000_000)),
            new CostModel(
                    new CostTerms(1_000_000, 20_000.5, 3_000, 100_000, 0.25),
                    EngineCells.copyOf(List.of(64, 512), List.of(1, 4, 16))),
            new EngineLimits(16, 512, 4096, 100),
            "measured at start");
    private static final Limits LIMITS =
            Limits.newBuilder().setMaxTokens(512).setMaxLabels(100).build();

    @Test
    void aTableComesBackAsItWent() {
        CostTable back = BatchCostsProto.table(BatchCostsProto.of(TABLE), LIMITS);

        assertThat(back.measured()).isEqualTo(TABLE.measured());
        assertThat(back.costs()).isEqualTo(TABLE.costs());
        assertThat(back.limits()).isEqualTo(TABLE.limits());
        assertThat(back.origin()).isEqualTo("as the server told");
    }

    @Test
    void eachMeasuredBatchCarriesWhatTheModelSays() {
        BatchCosts costs = BatchCostsProto.of(TABLE);

        assertThat(costs.getMeasured(1).getMeasuredNanos()).isEqualTo(16_000_000);
        assertThat(costs.getMeasured(1).getFittedNanos())
                .isEqualTo(TABLE.costs().nanos(4, 64, 112));
        assertThat(costs.getDrift()).isEqualTo(1);
    }

    @Test
    void costsThatNoServerCanHaveSentAreRefusedByName() {
        BatchCosts sound = BatchCostsProto.of(TABLE);
        BatchCosts negative = sound.toBuilder()
                .setTerms(sound.getTerms().toBuilder().setPerRow(-1))
                .build();

        assertThatThrownBy(() -> BatchCostsProto.table(BatchCosts.getDefaultInstance(), LIMITS))
                .hasMessage("maxRows must be at least 1, but was 0");
        assertThatThrownBy(() -> BatchCostsProto.table(negative, LIMITS)).hasMessageContaining("perRow");
    }
}
