package io.nuner.server.rpc;

import io.nuner.server.batching.Denial;
import io.nuner.server.batching.Rejection;

/**
 * Why a request is refused, in words for its caller. Immutable.
 *
 * @param reason the kind
 * @param field path of the offending field, such as {@code labels[2]}; empty if there is none
 * @param message one sentence that names the field and the limit, never the value
 * @param hintNanos what {@link Denial#hintNanos} says
 */
record Refusal(Rejection reason, String field, String message, long hintNanos) {
    private static final long NANOS_PER_MILLI = 1_000_000L;

    /** A field breaks a rule; the message is the field's path followed by the rule. */
    static Refusal invalid(String field, String rule) {
        return new Refusal(Rejection.INVALID, field, field + " " + rule, 0);
    }

    /** A refusal in words of its own. */
    static Refusal saying(Rejection reason, String field, String message) {
        return new Refusal(reason, field, message, 0);
    }

    /** A refusal that has nothing to do with a field. */
    static Refusal of(Rejection reason) {
        return of(Denial.of(reason));
    }

    /** What the gate or the batcher said. */
    static Refusal of(Denial denial) {
        String sentence = RejectionStatus.sentence(denial.reason());
        String estimate = denial.reason() == Rejection.UNMEETABLE
                ? ": it would take about " + millis(denial.hintNanos()) + " ms"
                : "";
        return new Refusal(denial.reason(), "", sentence + estimate, denial.hintNanos());
    }

    /** The hint in milliseconds, at least 1. */
    long hintMillis() {
        return millis(hintNanos);
    }

    private static long millis(long nanos) {
        return Math.max(1, nanos / NANOS_PER_MILLI);
    }
}
