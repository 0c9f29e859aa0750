package io.nuner.capacity;

import java.util.Optional;

/**
 * Finds how many replicas a load needs. One thread at a time.
 *
 * <p>A number of replicas is judged by simulating one of them: texts go to any replica by chance, so all fare alike.
 */
public final class Planner {
    /** Replicas beyond which no plan is made. */
    public static final int MAX_REPLICAS = 4096;

    /** A replica whose lanes work no larger share of the time counts as idle. */
    private static final double IDLE = 0.01;

    private static final double RATE_PRECISION = 1.01;

    private final Trace trace;
    private final Replica replica;
    private final Slo slo;
    private final Effort effort;
    private final Listener listener;

    /** A planner for one trace and one kind of replica. */
    public Planner(Trace trace, Replica replica, Slo slo, Effort effort, Listener listener) {
        this.trace = trace.cutTo(replica.policy().limits().maxRowTokens());
        this.replica = replica;
        this.slo = slo;
        this.effort = effort;
        this.listener = listener;
    }

    /**
     * The plan for a load.
     *
     * @param rate texts a second
     * @throws PlanException if no number of replicas holds the promise
     */
    public CapacityPlan plan(double rate) throws PlanException {
        Forecast needed = smallest(rate);
        Optional<Forecast> fewer =
                needed.replicas() == 1 ? Optional.empty() : Optional.of(forecast(rate, needed.replicas() - 1));
        return new CapacityPlan(needed, fewer, highest(rate / needed.replicas()));
    }

    private Forecast smallest(double rate) throws PlanException {
        int tooFew = 0;
        Forecast enough = forecast(rate, 1);
        while (!slo.isHeldBy(enough)) {
            tooFew = enough.replicas();
            requireHope(enough);
            enough = forecast(rate, 2 * tooFew);
        }
        while (enough.replicas() - tooFew > 1) {
            Forecast between = forecast(rate, (tooFew + enough.replicas()) / 2);
            if (slo.isHeldBy(between)) {
                enough = between;
            } else {
                tooFew = between.replicas();
            }
        }
        return enough;
    }

    private void requireHope(Forecast failed) throws PlanException {
        if (failed.utilization() <= IDLE) {
            throw new PlanException("no number of replicas holds " + slo + ": of one that is as good as idle, p99 is "
                    + Forecast.plain(failed.latencies().millis(0.99)) + " ms and "
                    + Forecast.plain(100 * failed.refusedShare()) + " % get no answer in time");
        }
        if (2 * failed.replicas() > MAX_REPLICAS) {
            throw new PlanException("more than " + failed.replicas() + " replicas would be needed to hold " + slo);
        }
    }

    /** The highest rate at which one replica alone holds the promise; the search begins at the given one. */
    private Optional<Forecast> highest(double startRate) {
        Forecast best = forecast(startRate, 1);
        double low = startRate;
        while (!slo.isHeldBy(best)) {
            if (best.utilization() <= IDLE) {
                return Optional.empty();
            }
            low /= 2;
            best = forecast(low, 1);
        }
        double high = 2 * low;
        for (Forecast more = forecast(high, 1); slo.isHeldBy(more) && !isEndless(more); more = forecast(high, 1)) {
            best = more;
            low = high;
            high = 2 * low;
        }
        return Optional.of(bisect(best, low, high));
    }

    /** Ends the search: a trace of very little work is held at any rate. */
    private static boolean isEndless(Forecast forecast) {
        return forecast.offered() > Effort.MAX_RATE;
    }

    private Forecast bisect(Forecast held, double heldRate, double tooHigh) {
        Forecast best = held;
        double low = heldRate;
        double high = tooHigh;
        while (high / low > RATE_PRECISION) {
            double middle = Math.sqrt(low * high);
            Forecast between = forecast(middle, 1);
            if (slo.isHeldBy(between)) {
                best = between;
                low = middle;
            } else {
                high = middle;
            }
        }
        return best;
    }

    private Forecast forecast(double rate, int replicas) {
        listener.simulating(replicas, rate);
        var arrivals = trace.share(rate, replicas, effort.texts(), effort.seed());
        long overhead = replica.surroundings().overheadNanos();
        return Forecast.of(replicas, rate, replica.serve(arrivals, effort.seed()), overhead);
    }

    /** Told what the planner does. */
    @FunctionalInterface
    public interface Listener {
        /** A simulation begins. */
        void simulating(int replicas, double rate);
    }

    /**
     * How much is simulated. Immutable.
     *
     * @param texts at least; a longer trace is simulated whole
     */
    public record Effort(int texts, long seed) {
        /** Enough that twenty of them decide p99.9. */
        public static final int DEFAULT_TEXTS = 20_000;

        public static final double MIN_RATE = 0.01;
        public static final double MAX_RATE = 1_000_000;
        private static final int MAX_TEXTS = 5_000_000;

        public Effort {
            if (texts < 1 || texts > MAX_TEXTS) {
                throw new IllegalArgumentException("texts must be from 1 to " + MAX_TEXTS + ", but was " + texts);
            }
        }
    }
}
