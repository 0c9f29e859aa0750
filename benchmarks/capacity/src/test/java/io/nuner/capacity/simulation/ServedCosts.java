package io.nuner.capacity.simulation;

import io.nuner.engine.EngineCells;
import io.nuner.engine.EngineLimits;
import io.nuner.server.costs.CostModel;
import io.nuner.server.costs.CostTerms;
import java.util.List;
import java.util.stream.Stream;

/** The engines on which tests simulate who waits for whom. */
final class ServedCosts {
    static final EngineLimits LIMITS = new EngineLimits(16, 512, 4096, 10);

    /** A processor, whose time grows with the tokens. */
    static final CostModel LINEAR = new CostModel(new CostTerms(3e6, 0.1e6, 0, 80e3, 5), EngineCells.ANY);
    /** A GPU, which takes a few rows more at little cost. */
    private static final CostModel GPU = new CostModel(
            new CostTerms(2e6, 0.01e6, 2e3, 1.2e3, 0.5), EngineCells.copyOf(List.of(32, 64, 128, 256, 512), List.of()));
    /** Every batch takes as long. */
    private static final CostModel FLAT = new CostModel(new CostTerms(20e6, 0, 0, 0, 0), EngineCells.ANY);

    private ServedCosts() {}

    static Stream<CostModel> all() {
        return Stream.of(LINEAR, GPU, FLAT);
    }
}
