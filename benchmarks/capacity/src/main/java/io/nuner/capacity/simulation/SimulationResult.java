package io.nuner.capacity.simulation;

import io.nuner.capacity.simulation.Simulation.Ran;
import java.util.List;
import java.util.function.Predicate;

/**
 * What became of a trace. Immutable.
 *
 * @param jobs all texts, in the order of arrival
 * @param batches all batches, in the order of start
 * @param lanes lanes there were
 */
public record SimulationResult(List<Job> jobs, List<Ran> batches, int lanes) {
    private static final double NANOS_PER_SECOND = 1e9;

    public SimulationResult {
        jobs = List.copyOf(jobs);
        batches = List.copyOf(batches);
    }

    /** Texts that ended so. */
    public long count(Job.State state) {
        return jobs.stream().filter(job -> job.state() == state).count();
    }

    /** Latencies of the answered texts that fulfil the condition, late ones included, ascending, in nanoseconds. */
    public long[] latencies(Predicate<Job> condition) {
        return jobs.stream()
                .filter(job -> job.state() == Job.State.ANSWERED || job.state() == Job.State.LATE)
                .filter(condition)
                .mapToLong(Job::latencyNanos)
                .sorted()
                .toArray();
    }

    /** The latency below which a share of the answered texts lies, in nanoseconds; zero if there are none. */
    public long percentile(double share) {
        return percentile(latencies(job -> true), share);
    }

    /** The value below which a share of ascending values lies; zero if there are none. */
    public static long percentile(long[] ascending, double share) {
        int index = (int) Math.ceil(share * ascending.length) - 1;
        return ascending.length == 0 ? 0 : ascending[Math.max(0, index)];
    }

    /** Texts answered in time, for each second of the trace. */
    public double goodput() {
        return count(Job.State.ANSWERED) / seconds();
    }

    /** Tokens that ran, for each second of the trace. */
    public double tokensPerSecond() {
        return batches.stream().mapToLong(Ran::tokens).sum() / seconds();
    }

    private double seconds() {
        long last = jobs.isEmpty() ? 0 : jobs.get(jobs.size() - 1).arrival().atNanos();
        long lastEnd = batches.stream()
                .mapToLong(batch -> batch.startNanos() + batch.runNanos())
                .max()
                .orElse(0);
        return Math.max(1, Math.max(last, lastEnd)) / NANOS_PER_SECOND;
    }

    /** Texts of a batch, on average. */
    public double meanRows() {
        return batches.stream().mapToInt(Ran::rows).average().orElse(0);
    }

    /** Padded over useful tokens of all batches. */
    public double padding() {
        long padded = batches.stream()
                .mapToLong(batch -> (long) batch.rows() * batch.longest())
                .sum();
        return padded
                / (double) Math.max(1, batches.stream().mapToLong(Ran::tokens).sum());
    }

    /** The share of time that lanes were at work. */
    public double utilization() {
        return batches.stream().mapToLong(Ran::runNanos).sum() / NANOS_PER_SECOND / seconds() / lanes;
    }
}
