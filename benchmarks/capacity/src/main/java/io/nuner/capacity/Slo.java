package io.nuner.capacity;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What a service promises. Immutable.
 *
 * @param bounds of latency; at least one
 * @param maxRefused share of the texts that may go without an answer in time
 */
public record Slo(List<Bound> bounds, double maxRefused) {
    private static final double NANOS_PER_MILLI = 1e6;

    public Slo {
        bounds = List.copyOf(bounds);
        if (bounds.isEmpty()) {
            throw new IllegalArgumentException("slo must name at least one bound");
        }
        if (!(maxRefused >= 0 && maxRefused < 1)) {
            throw new IllegalArgumentException("max-refused must be from 0% to below 100%");
        }
    }

    /** True if all of it is kept. */
    boolean isHeldBy(Forecast forecast) {
        return forecast.refusedShare() <= maxRefused
                && bounds.stream().allMatch(bound -> forecast.latencies().nanos(bound.share()) <= bound.nanos());
    }

    /** Such as {@code p50=20ms, p99=100ms}. */
    @Override
    public String toString() {
        return bounds.stream().map(Bound::toString).collect(Collectors.joining(", "));
    }

    /**
     * A latency that a share of the answers must not exceed. Immutable.
     *
     * @param share above 0 and below 1
     */
    public record Bound(double share, long nanos) {
        public Bound {
            if (!(share > 0 && share < 1)) {
                throw new IllegalArgumentException("share must be above 0 and below 1, but was " + share);
            }
            if (nanos < 1) {
                throw new IllegalArgumentException("nanos must be at least 1, but was " + nanos);
            }
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT, "p%s=%sms", Forecast.plain(100 * share), Forecast.plain(nanos / NANOS_PER_MILLI));
        }
    }
}
