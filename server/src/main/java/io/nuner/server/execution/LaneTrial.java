package io.nuner.server.execution;

import io.nuner.engine.EngineException;
import io.nuner.engine.EngineLane;
import io.nuner.engine.PackedBatch;
import io.nuner.engine.TokenRow;
import java.util.List;

/** The smallest forward pass there is: a lane that comes back from it with numbers works. */
final class LaneTrial {
    private static final PackedBatch SMALLEST =
            PackedBatch.of(List.of(TokenRow.copyOf(new int[] {1, 1, 1}, new int[] {2}, new int[] {1})));

    private LaneTrial() {}

    /**
     * Runs it. Lane's thread only.
     *
     * @throws EngineException if the lane does not work
     */
    static void run(EngineLane lane) throws EngineException {
        lane.run(SMALLEST).takeRow(0);
    }
}
