package io.nuner.load;

import com.google.gson.annotations.SerializedName;
import java.util.List;

/**
 * The figures of one step. Immutable.
 *
 * @param voided true if the figures say more about the generator than about the server: its lag was above a tenth of the latency
 * @param latencyMillis of valid calls that were answered, from the time they should have started
 * @param refusedMillis of valid calls that were refused with RESOURCE_EXHAUSTED or UNAVAILABLE, from that time
 * @param lagMillis from the time a call should have started to the time it was sent
 * @param accounts by tenant, kind and priority
 * @param tenants by tenant
 * @param timeline second by second
 * @param generatorCpuSeconds processor time of this whole process; 0 if the system does not say
 */
public record StepReport(
        String step,
        @SerializedName("void") boolean voided,
        Load load,
        Rates rates,
        CallCounts calls,
        Millis latencyMillis,
        Millis refusedMillis,
        Millis lagMillis,
        Retries retries,
        Batches batches,
        List<Part> accounts,
        List<Part> tenants,
        List<Timeline.Second> timeline,
        double generatorCpuSeconds) {
    /** Lag above this part of the latency makes a run void: the generator was the bottleneck. */
    private static final double VOID_ABOVE = 0.1;

    static boolean isVoid(Step step, Millis lag, Millis answered, Millis refused) {
        Millis judged = answered.count() > 0 ? answered : refused;
        return step.isOpen() && judged.count() > 0 && lag.p99() > VOID_ABOVE * judged.p99();
    }

    /** What was asked for. */
    public record Load(double fromPerSecond, double toPerSecond, int concurrency, double seconds) {
        static Load of(Step step) {
            return new Load(
                    step.fromPerSecond(),
                    step.toPerSecond(),
                    step.concurrency(),
                    step.duration().toNanos() / 1e9);
        }
    }

    /**
     * What happened, per second.
     *
     * @param offered calls sent, over the time of sending
     * @param achieved calls finished, over the time from the first arrival to the last good answer
     * @param goodput good answers, over that time
     */
    public record Rates(double offered, double achieved, double goodput, double seconds) {
        static Rates of(CallCounts counts, double sendingSeconds, double seconds) {
            return new Rates(
                    counts.sent() / sendingSeconds, counts.finished() / seconds, counts.good() / seconds, seconds);
        }
    }

    /** How many refusals had the trailer {@code grpc-retry-pushback-ms}, and how many said when to come back in {@code RetryInfo}. */
    public record Retries(long pushback, long retryInfo) {
        static Retries of(long pushback, long retryInfo) {
            return new Retries(pushback, retryInfo);
        }
    }

    /** Calls that have something in common. */
    public record Part(
            String tenant, String kind, String priority, CallCounts calls, Millis latencyMillis, Millis refusedMillis) {
        static Part of(String tenant, String kind, String priority, Account account) {
            return new Part(
                    tenant,
                    kind,
                    priority,
                    account.counts(),
                    account.answered().summary(),
                    account.refused().summary());
        }
    }
}
