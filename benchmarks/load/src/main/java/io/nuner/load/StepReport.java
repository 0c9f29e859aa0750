package io.nuner.load;

import com.google.gson.annotations.SerializedName;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

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
        List<Second> timeline,
        double generatorCpuSeconds) {
    /** Lag above this part of the latency makes a run void: the generator was the bottleneck. */
    private static final double VOID_ABOVE = 0.1;

    static boolean isVoid(Step step, Millis lag, Millis answered, Millis refused) {
        Millis judged = answered.count() > 0 ? answered : refused;
        return step.isOpen() && judged.count() > 0 && lag.p99() > VOID_ABOVE * judged.p99();
    }

    /** The load that was asked for. */
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
     * What happened, in calls per second.
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

    /**
     * Calls by what became of them. Once a run has ended, {@code sent == finished + hung}. Immutable.
     *
     * @param hung calls that had not ended when the wait for them was given up
     * @param good calls answered within their deadline
     * @param statuses finished calls by gRPC status
     */
    public record CallCounts(long sent, long finished, long hung, long good, Map<String, Long> statuses) {
        public CallCounts {
            statuses = Collections.unmodifiableMap(new TreeMap<>(statuses));
        }

        /** Calls of one status. */
        public long of(String status) {
            return statuses.getOrDefault(status, 0L);
        }
    }

    /**
     * The batches that answers came in. Immutable.
     *
     * @param count number of batches; a fraction, since members without an answer are left out
     * @param rows texts of a batch, on average
     * @param fill rows over the most that the server puts into a batch; 0 if it does not say
     * @param tokens tokens of a batch, on average
     * @param padding tokens as attention sees them over real ones; 0 if the server does not say
     * @param queueMillis from ready-to-run to the start of the batch, over texts
     * @param inferenceMillis of the forward pass, over texts
     */
    public record Batches(
            double count,
            double rows,
            double fill,
            double tokens,
            double padding,
            Millis queueMillis,
            Millis inferenceMillis) {}

    /**
     * A distribution of times in milliseconds; all 0 if there were none. Immutable.
     *
     * @param p999 the 99.9th percentile
     */
    public record Millis(long count, double mean, double p50, double p90, double p99, double p999, double max) {
        private static final double MICROS_PER_MILLI = 1e3;

        /** The summary of a histogram of microseconds. */
        static Millis of(Histogram micros) {
            if (micros.getTotalCount() == 0) {
                return new Millis(0, 0, 0, 0, 0, 0, 0);
            }
            return new Millis(
                    micros.getTotalCount(),
                    micros.getMean() / MICROS_PER_MILLI,
                    at(micros, 50),
                    at(micros, 90),
                    at(micros, 99),
                    at(micros, 99.9),
                    micros.getMaxValue() / MICROS_PER_MILLI);
        }

        private static double at(Histogram micros, double percentile) {
            return micros.getValueAtPercentile(percentile) / MICROS_PER_MILLI;
        }
    }

    /**
     * What happened in one second. Immutable.
     *
     * @param second since the step began
     * @param sent calls sent in it
     * @param good calls answered in it, within their deadline
     * @param refused calls refused in it
     * @param other calls that ended otherwise in it
     * @param p99Millis of the latencies of valid calls answered in it
     */
    public record Second(int second, long sent, long good, long refused, long other, double p99Millis) {
        /** A second without anything. */
        static final Second NONE = new Second(0, 0, 0, 0, 0, 0);
    }
}
