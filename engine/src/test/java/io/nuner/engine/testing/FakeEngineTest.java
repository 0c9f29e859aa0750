package io.nuner.engine.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nuner.engine.EngineException;
import io.nuner.engine.EngineLane;
import io.nuner.engine.EngineLimits;
import io.nuner.engine.PackedBatch;
import io.nuner.engine.TokenRow;
import java.util.List;
import org.junit.jupiter.api.Test;

class FakeEngineTest {
    private static final TokenRow SHORT = TokenRow.copyOf(new int[] {1, 8, 2}, new int[] {1}, new int[] {0});
    private static final TokenRow LONG =
            TokenRow.copyOf(new int[] {1, 5, 6, 7, 2}, new int[] {1, -1, 3}, new int[] {0, 2});

    private final FakeEngine engine = new FakeEngine(new EngineLimits(4, 8, 32, 4), 1, 2);

    @Test
    void aRowScoresTheSameAloneAndInABatch() throws EngineException {
        try (EngineLane lane = engine.openLane()) {
            float alone = lane.run(PackedBatch.of(List.of(LONG))).takeRow(0).at(1, 1, 1);
            float together =
                    lane.run(PackedBatch.of(List.of(SHORT, LONG))).takeRow(1).at(1, 1, 1);

            assertThat(together).isEqualTo(alone).isBetween(-4f, 4f);
        }
        assertThat(engine.runs()).isEqualTo(2);
        assertThat(engine.rows()).isEqualTo(3);
        assertThat(engine.openLanes()).isZero();
    }

    @Test
    void aScriptedFailureHappensOnce() throws EngineException {
        engine.failOnceWith(() -> EngineException.batchFailed("scripted"));

        try (EngineLane lane = engine.openLane()) {
            assertThatThrownBy(() -> lane.run(PackedBatch.of(List.of(SHORT)))).hasMessage("scripted");
            assertThat(lane.run(PackedBatch.of(List.of(SHORT))).takeRow(0).words())
                    .isEqualTo(1);
        }
    }

    @Test
    void nanScoresAreRefusedWhenTheRowIsTaken() throws EngineException {
        engine.score(Scoring.constant(Float.NaN));

        try (EngineLane lane = engine.openLane()) {
            assertThatThrownBy(() -> lane.run(PackedBatch.of(List.of(SHORT))).takeRow(0))
                    .isInstanceOf(EngineException.class);
        }
    }

    @Test
    void noMoreLanesThanPromised() throws EngineException {
        try (EngineLane lane = engine.openLane()) {
            assertThat(lane).isNotNull();
            assertThatThrownBy(engine::openLane).isInstanceOf(EngineException.class);
        }
    }
}
