package io.nuner.capacity;

import io.nuner.capacity.simulation.Arrival;
import io.nuner.capacity.simulation.ServerRule;
import io.nuner.capacity.simulation.Simulation;
import io.nuner.capacity.simulation.SimulationResult;
import io.nuner.server.batching.AdmissionGate;
import io.nuner.server.batching.BatchPolicy;
import io.nuner.server.costs.CostModel;
import io.nuner.server.costs.CostTerms;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * One server as it is simulated. Immutable.
 *
 * @param policy what batches are formed by, and how long they take
 * @param gate what the server takes on
 * @param weights of tenants; all others have weight 1
 * @param surroundings what time passes outside the engine
 */
public record Replica(
        BatchPolicy policy, AdmissionGate.Limits gate, Map<String, Integer> weights, Surroundings surroundings) {
    public Replica {
        weights = Map.copyOf(weights);
    }

    /** Serves the arrivals, all latencies without the overhead. */
    SimulationResult serve(List<Arrival> arrivals, long seed) {
        return Simulation.run(
                arrivals,
                lanes -> new ServerRule(lanes, policy, gate, weights),
                onALane(),
                policy.lanes(),
                surroundings.noise(new SplittableRandom(seed)));
    }

    /** The handover, which the batcher does not know: a lane is busy a little longer than its engine. */
    private CostModel onALane() {
        CostTerms terms = policy.costs().terms();
        CostTerms longer = new CostTerms(
                terms.fixed() + surroundings.handoverNanos(),
                terms.perRow(),
                terms.perStep(),
                terms.perToken(),
                terms.perPaddedSquare());
        return new CostModel(longer, policy.costs().cells());
    }

    /**
     * What time passes outside the engine.
     *
     * @param overheadNanos of each text outside the batcher: transport, tokenizing, decoding
     * @param handoverNanos of each batch, while the lane takes it and reports itself free
     * @param jitter standard deviation of a batch's time, as a share of it
     */
    public record Surroundings(long overheadNanos, long handoverNanos, double jitter) {
        private static final double MAX_JITTER = 2;

        public Surroundings {
            require("overhead", overheadNanos >= 0);
            require("handover", handoverNanos >= 0);
            if (!(jitter >= 0 && jitter <= MAX_JITTER)) {
                throw new IllegalArgumentException("jitter must be from 0% to 200%");
            }
        }

        private static void require(String name, boolean holds) {
            if (!holds) {
                throw new IllegalArgumentException(name + " must not be negative");
            }
        }

        /** Log-normal with mean 1, as run times are: seldom much shorter, sometimes much longer. */
        Simulation.Noise noise(RandomGenerator random) {
            double variance = Math.log1p(jitter * jitter);
            return () -> Math.exp(Math.sqrt(variance) * random.nextGaussian() - variance / 2);
        }
    }
}
