package io.nuner.engine.trt.plan;

import io.nuner.engine.trt.profile.CellSet;
import java.util.Set;

/**
 * What the builder was asked for. Immutable.
 *
 * @param cells one optimization profile each, in their order
 * @param optimizationLevel effort of the builder, 0 to 5
 * @param hardwareCompatibility on which other GPUs the plan may run, e.g. {@code none}
 * @param builderFlags flags set, by name; their order means nothing
 */
public record PlanOptions(
        CellSet cells, int optimizationLevel, String hardwareCompatibility, Set<String> builderFlags) {
    public PlanOptions {
        builderFlags = Set.copyOf(builderFlags);
    }
}
