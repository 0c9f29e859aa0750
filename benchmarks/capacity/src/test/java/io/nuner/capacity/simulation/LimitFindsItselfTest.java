package io.nuner.capacity.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.engine.EngineCells;
import io.nuner.engine.EngineLimits;
import io.nuner.server.batching.AdmissionGate;
import io.nuner.server.batching.BatchPolicy;
import io.nuner.server.costs.CostModel;
import io.nuner.server.costs.CostTerms;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** However much is offered and however fast the engine is just now, as much is answered as can be. Prints the figures. */
class LimitFindsItselfTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long DEADLINE_NANOS = SECOND;
    private static final EngineLimits LIMITS = new EngineLimits(16, 512, 4096, 10);
    /** What a server takes for its queue delay on an engine as fast as this. */
    private static final AdmissionGate.Limits GATE = new AdmissionGate.Limits(512, 262_144, 250_000_000L);

    /** A text of 64 tokens takes 8 ms alone, a full batch of them 87 ms. */
    private static final CostModel LINEAR = new CostModel(new CostTerms(3e6, 0.1e6, 0, 80e3, 5), EngineCells.ANY);
    /** Every batch takes 20 ms. */
    private static final CostModel FLAT = new CostModel(new CostTerms(20e6, 0, 0, 0, 0), EngineCells.ANY);

    @Test
    void goodputStaysWhereItIsAtTenTimesTheCapacity() {
        double capacity = Scene.of(LINEAR, 40)
                .rate(3 * 16e9 / LINEAR.nanos(16, 64, 1024))
                .run(GATE)
                .goodput(10, 40);
        System.out.printf("capacity %.0f texts a second%n", capacity);
        long reference = 0;
        for (double load : new double[] {0.5, 0.8, 1, 1.5, 2, 5, 10}) {
            Scene.Outcome outcome = Scene.of(LINEAR, 30).rate(load * capacity).run(GATE);
            double goodput = outcome.goodput(0, 30) / capacity;
            long p99 = outcome.p99Nanos();
            reference = load == 0.8 ? p99 : reference;
            System.out.printf("offered %.1f C: goodput %.2f C, p99 of answers %d ms%n", load, goodput, p99 / 1_000_000);
            assertThat(goodput).as("goodput over capacity at %s C", load).isGreaterThan(Math.min(0.95 * load, 0.93));
        }
        assertThat(reference).isPositive();
    }

    @Test
    void itRecoversAtOnce() {
        double capacity = 16e9 / LINEAR.nanos(16, 64, 1024);
        Scene.Outcome outcome = Scene.of(LINEAR, 30)
                .rates(0.5 * capacity, 10 * capacity, 0.5 * capacity)
                .run(GATE);

        int calm = outcome.secondsUntil(20, 0.98 * 0.5 * capacity);

        System.out.printf("back at 0.5 C from 10 C: all answered again after %d s%n", calm);
        assertThat(calm).isLessThanOrEqualTo(2);
    }

    @Test
    void theLimitFollowsTheEngine() {
        Scene scene = Scene.of(FLAT, 30).rate(2 * 16 / 0.020).slow(10, 20, 10);
        double best = 0;
        int bestLimit = 0;
        for (int limit = 16; limit <= 4096; limit *= 2) { // as many in flight, whatever the delay
            double goodput = scene.run(new AdmissionGate.Limits(limit, 1L << 40, 3_600 * SECOND))
                    .goodput(0, 30);
            bestLimit = goodput > best ? limit : bestLimit;
            best = Math.max(best, goodput);
        }

        Scene.Outcome own = scene.run(GATE);

        double goodput = own.goodput(0, 30);
        int slower = own.secondsUntil(10, 0.95 * 16 / 0.200);
        int faster = own.secondsUntil(20, 0.95 * 16 / 0.020);
        System.out.printf(
                "20, 200, 20 ms at 2 C: goodput %.0f a second, %.3f of the best fixed limit (%d); settled after %d and %d s%n",
                goodput, goodput / best, bestLimit, slower, faster);
        assertThat(goodput / best)
                .as("goodput over that of the best fixed limit")
                .isGreaterThanOrEqualTo(0.95);
        assertThat(Math.max(slower, faster)).as("seconds until it has settled").isLessThanOrEqualTo(5);
    }

    /**
     * An engine, its load and how both change.
     *
     * @param costs what the batcher believes, and what is true while nothing is slow
     * @param rates texts a second, each for an equal part of the time
     * @param slow when batches take longer
     */
    private record Scene(CostModel costs, int seconds, List<Double> rates, Slow slow) {
        static Scene of(CostModel costs, int seconds) {
            return new Scene(costs, seconds, List.of(0.0), new Slow(0, 0, 1));
        }

        Scene rate(double rate) {
            return rates(rate);
        }

        Scene rates(Double... newRates) {
            return new Scene(costs, seconds, List.of(newRates), slow);
        }

        Scene slow(int from, int to, int factor) {
            return new Scene(costs, seconds, rates, new Slow(from, to, factor));
        }

        Outcome run(AdmissionGate.Limits gate) {
            Random noise = new Random(5);
            AtomicLong now = new AtomicLong();
            SimulationResult result = Simulation.run(
                    arrivals(),
                    lanes -> new Watched(new ServerRule(lanes, BatchPolicy.of(LIMITS, costs, 1), gate, Map.of()), now),
                    costs,
                    1,
                    () -> factor(now.get()) * Math.exp(0.05 * noise.nextGaussian()));
            return new Outcome(result, seconds);
        }

        private double factor(long nowNanos) {
            boolean isSlow = nowNanos >= slow.from * SECOND && nowNanos < slow.to * SECOND;
            return isSlow ? slow.factor : 1;
        }

        private List<Arrival> arrivals() {
            Random random = new Random(4);
            List<Arrival> arrivals = new ArrayList<>();
            double at = 0;
            while (at < seconds) {
                double rate = rates.get(Math.min(rates.size() - 1, (int) (at * rates.size() / seconds)));
                arrivals.add(new Arrival((long) (at * 1e9), 32 + random.nextInt(65), "default", false, DEADLINE_NANOS));
                at += -Math.log(1 - random.nextDouble()) / rate;
            }
            return arrivals;
        }

        /** From one second to another, batches take {@code factor} times as long. */
        private record Slow(int from, int to, int factor) {}

        /** What came of it. */
        private record Outcome(SimulationResult result, int seconds) {
            /** Texts answered in time a second, on average from one second to another. */
            double goodput(int from, int to) {
                int answered = 0;
                for (int second = from; second < to; second++) {
                    answered += answeredBySecond()[second];
                }
                return (double) answered / (to - from);
            }

            /** Seconds from the given one on until the first in which about {@code rate} texts are answered. */
            int secondsUntil(int from, double rate) {
                int second = from;
                while (second < seconds && answeredBySecond()[second] < rate * 0.97) { // arrivals are random
                    second++;
                }
                return second - from;
            }

            private int[] answeredBySecond() {
                int[] answered = new int[seconds + 2];
                for (Job job : result.jobs()) {
                    if (job.state() == Job.State.ANSWERED) {
                        long end = job.arrival().atNanos() + job.latencyNanos();
                        answered[(int) Math.min(seconds + 1L, end / SECOND)]++;
                    }
                }
                return answered;
            }

            long p99Nanos() {
                long[] latencies = result.latencies(job -> true);
                Arrays.sort(latencies);
                return latencies[latencies.length * 99 / 100];
            }
        }
    }

    /** Lets the noise know what time it is. */
    private record Watched(BatchingRule rule, AtomicLong now) implements BatchingRule {
        @Override
        public void arrived(Job job, long nowNanos) {
            now.set(nowNanos);
            rule.arrived(job, nowNanos);
        }

        @Override
        public void laneFreed(int lane, long nowNanos) {
            now.set(nowNanos);
            rule.laneFreed(lane, nowNanos);
        }

        @Override
        public void wake(long nowNanos) {
            now.set(nowNanos);
            rule.wake(nowNanos);
        }

        @Override
        public long alarmNanos() {
            return rule.alarmNanos();
        }
    }
}
