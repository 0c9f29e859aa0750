package io.nuner.load;

import java.time.Duration;
import java.util.List;

/**
 * What calls are like. Immutable. Shares are in [0, 1].
 *
 * @param tenants who calls, with shares
 * @param bulk share of calls of priority bulk
 * @param cancels share of calls that the client cancels
 * @param timeouts share of calls with a deadline of 1 to 20 ms
 * @param malformed share of calls that break the contract
 * @param deadline of all calls but those; counted from the time a call should start
 */
public record Traffic(
        List<Tenant> tenants, double bulk, double cancels, double timeouts, double malformed, Duration deadline) {
    private static final int MAX_TENANTS = 64;
    private static final Duration LONGEST_DEADLINE = Duration.ofMinutes(10);

    public Traffic {
        tenants = List.copyOf(tenants);
        if (tenants.isEmpty() || tenants.size() > MAX_TENANTS) {
            throw new IllegalArgumentException("tenants must be 1 to " + MAX_TENANTS + ", but were " + tenants.size());
        }
        if (tenants.stream().map(Tenant::name).distinct().count() != tenants.size()) {
            throw new IllegalArgumentException("tenants must have different names");
        }
        requireShare("bulk", bulk);
        requireShare("cancels", cancels);
        requireShare("timeouts", timeouts);
        requireShare("malformed", malformed);
        if (cancels + timeouts + malformed > 1) {
            throw new IllegalArgumentException("malformed must be at most 1 together with cancels and timeouts");
        }
        if (deadline.isNegative() || deadline.isZero() || deadline.compareTo(LONGEST_DEADLINE) > 0) {
            throw new IllegalArgumentException("deadline must be above 0 and at most " + LONGEST_DEADLINE.toMinutes()
                    + "m, but was " + deadline.toMillis() + "ms");
        }
    }

    /** Valid interactive calls without a tenant. */
    public static Traffic plain(Duration deadline) {
        return new Traffic(List.of(Tenant.unnamed()), 0, 0, 0, 0, deadline);
    }

    /** The kind of a call chosen by a number in [0, 1). */
    NextCall.Kind kindAt(double point) {
        if (point < cancels) {
            return NextCall.Kind.CANCELLED;
        }
        if (point < cancels + timeouts) {
            return NextCall.Kind.SHORT_DEADLINE;
        }
        return point < cancels + timeouts + malformed ? NextCall.Kind.MALFORMED : NextCall.Kind.VALID;
    }

    private static void requireShare(String name, double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException(name + " must be in [0, 1], but was " + share);
        }
    }

    /**
     * A tenant in whose name calls are made. Immutable.
     *
     * @param name sent as metadata {@code nuner-tenant}; empty sends none
     * @param weight share of the arrivals, relative to the other tenants
     */
    public record Tenant(String name, double weight) {
        private static final int MAX_NAME = 64;

        public Tenant {
            boolean printable = name.chars().allMatch(c -> c > ' ' && c < 127);
            if (!printable || name.length() > MAX_NAME) {
                throw new IllegalArgumentException(
                        "tenants must have names of at most " + MAX_NAME + " printable ASCII characters");
            }
            if (!(weight > 0 && weight < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("tenants must have shares above 0, but one was " + weight);
            }
        }

        /** The tenant of calls that name none. */
        public static Tenant unnamed() {
            return new Tenant("", 1);
        }
    }
}
