package io.nuner.capacity;

import com.google.gson.GsonBuilder;
import io.nuner.server.costs.CostTerms;
import org.jspecify.annotations.Nullable;

/**
 * All that a plan says, as it stands in its JSON.
 *
 * @param replicas how many are needed
 * @param needed what that many do
 * @param oneFewer what one fewer would do; absent if one is enough
 * @param highestOfOne what one replica alone does at the highest rate at which it holds the promise
 */
public record PlanReport(
        Asked asked,
        Load load,
        Server server,
        Assumed assumed,
        int replicas,
        Figures needed,
        @Nullable Figures oneFewer,
        @Nullable Figures highestOfOne) {
    private static final double NANOS_PER_MICRO = 1e3;
    private static final double NANOS_PER_MILLI = 1e6;

    private static double millis(long nanos) {
        return nanos / NANOS_PER_MILLI;
    }

    public String toJson() {
        return new GsonBuilder()
                .disableHtmlEscaping()
                .setPrettyPrinting()
                .create()
                .toJson(this);
    }

    public static PlanReport of(Asked asked, Load load, ServerCosts costs, Replica replica, CapacityPlan plan) {
        return new PlanReport(
                asked,
                load,
                Server.of(costs, replica),
                Assumed.of(replica),
                plan.needed().replicas(),
                Figures.of(plan.needed()),
                plan.fewer().map(Figures::of).orElse(null),
                plan.highest().map(Figures::of).orElse(null));
    }

    /** What was asked. */
    public record Asked(double rate, String slo, double maxRefused, int texts, long seed) {
        public static Asked of(double rate, Slo slo, int texts, long seed) {
            return new Asked(rate, slo.toString(), slo.maxRefused(), texts, seed);
        }
    }

    /**
     * The trace.
     *
     * @param cut texts longer than the engine reads; they count with the length that it reads
     */
    public record Load(String trace, int texts, double rate, double meanTokens, long cut) {
        public static Load of(String file, Trace trace, int maxTokens) {
            long cut = trace.arrivals().stream()
                    .filter(text -> text.tokens() > maxTokens)
                    .count();
            return new Load(file, trace.arrivals().size(), trace.rate(), trace.meanTokens(), cut);
        }
    }

    /** The server whose costs are taken; the terms include the drift. */
    public record Server(String engine, String device, String model, int lanes, double drift, Terms termsMicros) {
        static Server of(ServerCosts costs, Replica replica) {
            var info = costs.info();
            return new Server(
                    info.getEngine().getName(),
                    info.getEngine().getDevice(),
                    info.getModel().getName(),
                    replica.policy().lanes(),
                    info.getBatchCosts().getDrift(),
                    Terms.of(replica.policy().costs().terms()));
        }
    }

    /** Microseconds of a batch. */
    public record Terms(double fixed, double perRow, double perStep, double perToken, double perPaddedSquare) {
        static Terms of(CostTerms terms) {
            return new Terms(
                    terms.fixed() / NANOS_PER_MICRO,
                    terms.perRow() / NANOS_PER_MICRO,
                    terms.perStep() / NANOS_PER_MICRO,
                    terms.perToken() / NANOS_PER_MICRO,
                    terms.perPaddedSquare() / NANOS_PER_MICRO);
        }
    }

    /** What was assumed of a replica. */
    public record Assumed(
            double overheadMillis,
            double handoverMillis,
            double jitter,
            int maxRequests,
            long maxTokens,
            double queueDelayMillis) {
        static Assumed of(Replica replica) {
            var around = replica.surroundings();
            var gate = replica.gate();
            return new Assumed(
                    millis(around.overheadNanos()),
                    millis(around.handoverNanos()),
                    around.jitter(),
                    gate.maxRequests(),
                    gate.maxTokens(),
                    millis(gate.maxDelayNanos()));
        }
    }

    /** A forecast; rates and latencies are of all replicas together. */
    public record Figures(
            int replicas,
            double offered,
            double throughput,
            double tokensPerSecond,
            double refusedShare,
            double p50Millis,
            double p90Millis,
            double p99Millis,
            double p999Millis,
            double meanRows,
            double padding,
            double utilization,
            int textsSimulated) {
        static Figures of(Forecast forecast) {
            Forecast.Latencies latencies = forecast.latencies();
            return new Figures(
                    forecast.replicas(),
                    forecast.offered(),
                    forecast.throughput(),
                    forecast.tokensPerSecond(),
                    forecast.refusedShare(),
                    latencies.millis(0.5),
                    latencies.millis(0.9),
                    latencies.millis(0.99),
                    latencies.millis(0.999),
                    forecast.meanRows(),
                    forecast.padding(),
                    forecast.utilization(),
                    forecast.texts());
        }
    }
}
