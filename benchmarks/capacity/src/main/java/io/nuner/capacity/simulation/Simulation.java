package io.nuner.capacity.simulation;

import io.nuner.server.costs.CostModel;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs a trace through a batching rule and lanes that take as long as a cost model says. One thread at a time.
 *
 * <p>Events happen in the order of time; at one time lanes come back first, then texts arrive, then the alarm rings.
 */
public final class Simulation implements BatchingRule.Lanes {
    private static final long IDLE = Long.MAX_VALUE;

    private final CostModel costs;
    private final Noise noise;
    private final BatchingRule rule;
    private final SimulatedLane[] lanes;
    private final List<Ran> batches = new ArrayList<>();
    private long nowNanos;

    private Simulation(BatchingRule.Maker maker, CostModel costs, int laneCount, Noise noise) {
        this.costs = costs;
        this.noise = noise;
        lanes = new SimulatedLane[laneCount];
        for (int lane = 0; lane < laneCount; lane++) {
            lanes[lane] = new SimulatedLane();
        }
        rule = maker.make(this);
    }

    /**
     * Runs a whole trace, until the last of its texts has ended.
     *
     * @param arrivals in the order of time
     * @param costs how long a batch really takes
     * @param noise factor of each batch's time
     */
    public static SimulationResult run(
            List<Arrival> arrivals, BatchingRule.Maker maker, CostModel costs, int lanes, Noise noise) {
        Simulation simulation = new Simulation(maker, costs, lanes, noise);
        List<Job> jobs = arrivals.stream().map(Job::new).toList();
        simulation.runAll(jobs);
        return new SimulationResult(jobs, simulation.batches, lanes);
    }

    private void runAll(List<Job> jobs) {
        for (int lane = 0; lane < lanes.length; lane++) {
            rule.laneFreed(lane, 0);
        }
        int next = 0;
        long arrivalNanos = atNanos(jobs, next);
        for (long at = nextEvent(arrivalNanos); at != IDLE; at = nextEvent(arrivalNanos)) {
            nowNanos = Math.max(nowNanos, at);
            int done = earliestLane();
            if (lanes[done].freeNanos <= nowNanos) {
                finish(done);
            } else if (arrivalNanos <= nowNanos) {
                rule.arrived(jobs.get(next), nowNanos);
                next++;
                arrivalNanos = atNanos(jobs, next);
            } else {
                rule.wake(nowNanos);
            }
        }
    }

    private static long atNanos(List<Job> jobs, int index) {
        return index < jobs.size() ? jobs.get(index).arrival().atNanos() : IDLE;
    }

    private long nextEvent(long arrivalNanos) {
        return Math.min(Math.min(arrivalNanos, rule.alarmNanos()), lanes[earliestLane()].freeNanos);
    }

    private int earliestLane() {
        int earliest = 0;
        for (int lane = 1; lane < lanes.length; lane++) {
            if (lanes[lane].freeNanos < lanes[earliest].freeNanos) {
                earliest = lane;
            }
        }
        return earliest;
    }

    private void finish(int lane) {
        List<Job> batch = lanes[lane].batch;
        lanes[lane].freeNanos = IDLE;
        lanes[lane].batch = List.of();
        batch.forEach(job -> job.answer(nowNanos));
        rule.laneFreed(lane, nowNanos);
    }

    @Override
    public int count() {
        return lanes.length;
    }

    @Override
    public void start(int lane, List<Job> batch) {
        if (lanes[lane].freeNanos != IDLE || batch.isEmpty()) {
            throw new IllegalStateException("lane " + lane + " is busy, or the batch is empty");
        }
        int longest = batch.stream().mapToInt(Job::tokens).max().orElseThrow();
        int tokens = batch.stream().mapToInt(Job::tokens).sum();
        long runNanos = (long) (costs.nanos(batch.size(), longest, tokens) * noise.nextFactor());
        lanes[lane].batch = List.copyOf(batch);
        lanes[lane].freeNanos = nowNanos + runNanos;
        batches.add(new Ran(nowNanos, runNanos, batch.size(), longest, tokens));
    }

    /** What a lane does. */
    private static final class SimulatedLane {
        private long freeNanos = IDLE;
        private List<Job> batch = List.of();
    }

    /** How much longer a batch takes than the model says. */
    @FunctionalInterface
    public interface Noise {
        /** The factor of the next batch. */
        double nextFactor();

        /** Every batch takes what the model says. */
        static Noise none() {
            return () -> 1;
        }
    }

    /**
     * A batch that ran. Immutable.
     *
     * @param startNanos when it started
     * @param runNanos how long it took
     * @param rows its texts
     * @param longest tokens of the longest one
     * @param tokens tokens of all
     */
    public record Ran(long startNanos, long runNanos, int rows, int longest, int tokens) {}
}
