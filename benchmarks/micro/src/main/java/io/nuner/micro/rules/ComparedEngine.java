package io.nuner.micro.rules;

import io.nuner.engine.EngineCells;
import io.nuner.engine.EngineLimits;
import io.nuner.server.costs.CostModel;
import io.nuner.server.costs.CostTerms;
import java.util.List;

/**
 * An engine that rules are compared on. Immutable.
 *
 * @param name how the results call it
 * @param costs how long a batch takes
 * @param limits what a batch may hold
 * @param sloNanos the p99 that must hold
 * @param delayNanos the fixed delay of the rule that has one
 */
record ComparedEngine(String name, CostModel costs, EngineLimits limits, long sloNanos, long delayNanos) {
    /** The demo model on two processor cores: the terms that one start of {@code nuner serve} measured. */
    static final ComparedEngine CPU = new ComparedEngine(
            "cpu",
            new CostModel(new CostTerms(433_000, 255_000, 76_000, 118_000, 14), EngineCells.ANY),
            new EngineLimits(16, 512, 4096, 100),
            500_000_000L,
            5_000_000L);

    /**
     * NuNER Zero on a large graphics card: not measured. Dense layers at half of the matrix peak, 1.5 ms for any batch, 4
     * microseconds for each step of the recurrent layer, gathers of the padded attention at memory speed; padded to listed
     * shapes.
     */
    static final ComparedEngine GPU_LIKE = new ComparedEngine(
            "gpu-like",
            new CostModel(
                    new CostTerms(1_500_000, 0, 4000, 1530, 2.2),
                    EngineCells.copyOf(
                            List.of(32, 64, 96, 128, 192, 256, 384, 512),
                            List.of(1, 2, 4, 8, 16, 24, 32, 48, 64, 96, 128))),
            new EngineLimits(128, 512, 16_384, 100),
            100_000_000L,
            2_000_000L);

    static final List<ComparedEngine> ALL = List.of(CPU, GPU_LIKE);
}
