package io.nuner.capacity;

import io.nuner.capacity.simulation.Job;
import io.nuner.capacity.simulation.SimulationResult;
import java.math.BigDecimal;
import java.math.MathContext;

/**
 * The expected figures of a number of replicas under a load; one of them was simulated and stands for all. Immutable.
 *
 * @param replicas how many there are
 * @param offered texts a second that arrive at all of them
 * @param texts that were simulated
 * @param refusedShare the share of them that get no answer in time
 * @param tokensPerSecond that go through the engines of all replicas
 * @param meanRows texts of a batch
 * @param padding padded over useful tokens
 * @param utilization share of the time that lanes are at work
 * @param latencies of the answers
 */
public record Forecast(
        int replicas,
        double offered,
        int texts,
        double refusedShare,
        double tokensPerSecond,
        double meanRows,
        double padding,
        double utilization,
        Latencies latencies) {
    private static final int DIGITS = 6;

    /**
     * The forecast from the simulation of one replica.
     *
     * @param overheadNanos added to each latency
     */
    static Forecast of(int replicas, double offered, SimulationResult result, long overheadNanos) {
        int texts = result.jobs().size();
        return new Forecast(
                replicas,
                offered,
                texts,
                1 - (double) result.count(Job.State.ANSWERED) / texts,
                replicas * result.tokensPerSecond(),
                result.meanRows(),
                result.padding(),
                result.utilization(),
                new Latencies(result.latencies(job -> true), overheadNanos));
    }

    /** Answers in time, a second, of all replicas. */
    public double throughput() {
        return offered * (1 - refusedShare);
    }

    static String plain(double value) {
        return new BigDecimal(value, new MathContext(DIGITS))
                .stripTrailingZeros()
                .toPlainString();
    }

    /** Latencies of answers, in order. Immutable. */
    public static final class Latencies {
        private static final double NANOS_PER_MILLI = 1e6;

        private final long[] ascendingNanos;
        private final long overheadNanos;

        private Latencies(long[] ascendingNanos, long overheadNanos) {
            this.ascendingNanos = ascendingNanos;
            this.overheadNanos = overheadNanos;
        }

        /** The latency that a share of the answers does not exceed; the overhead alone if there are none. */
        public long nanos(double share) {
            return SimulationResult.percentile(ascendingNanos, share) + overheadNanos;
        }

        /** The same in milliseconds. */
        public double millis(double share) {
            return nanos(share) / NANOS_PER_MILLI;
        }
    }
}
