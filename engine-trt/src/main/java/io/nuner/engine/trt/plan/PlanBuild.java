package io.nuner.engine.trt.plan;

import io.nuner.engine.EngineException;
import java.nio.file.Path;
import java.util.Map;

/** Makes a plan that is not in the store. */
@FunctionalInterface
public interface PlanBuild {
    /**
     * Writes {@link StoredPlan#ENCODER}, {@link StoredPlan#HEAD} and {@link StoredPlan#GOLDEN}; takes minutes.
     *
     * @param directory empty, of this process alone, gone afterwards; other files in it are deleted, but for {@code *.layers.json}
     * @return seconds of each step, by name
     * @throws EngineException if it cannot be made; nothing is stored then
     */
    Map<String, Double> build(Path directory) throws EngineException;
}
