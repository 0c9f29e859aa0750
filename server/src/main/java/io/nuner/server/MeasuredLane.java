package io.nuner.server;

import io.nuner.engine.EngineException;
import io.nuner.engine.EngineLane;
import io.nuner.engine.InferenceEngine;
import io.nuner.server.costs.Calibration;
import io.nuner.server.costs.CostTable;

/**
 * The first lane of an engine, and what was measured on it, which warmed it up. Immutable.
 *
 * @param lane belongs to whoever opened it
 * @param costs the engine's latency
 */
record MeasuredLane(EngineLane lane, CostTable costs) {
    /**
     * Opens a lane and measures it.
     *
     * @throws EngineException if it cannot be opened or the engine is lost; the lane is closed then
     */
    static MeasuredLane open(InferenceEngine engine, Calibration calibration) throws EngineException {
        EngineLane lane = engine.openLane();
        try {
            return new MeasuredLane(lane, calibration.measure(engine, lane));
        } catch (EngineException | RuntimeException | Error e) {
            lane.close();
            throw e;
        }
    }
}
