package io.nuner.server.batching;

/**
 * Why a text gets no entities, and what its caller is told. Immutable.
 *
 * @param reason the kind
 * @param field path of the offending field, such as {@code labels[2]}; empty if there is none
 * @param message one sentence that names the field and the limit, never the value
 * @param hintNanos {@link Rejection#OVERLOADED}: when trying again may help; {@link Rejection#UNMEETABLE}: how long the
 *     answer would take; otherwise zero
 */
public record Refusal(Rejection reason, String field, String message, long hintNanos) implements Admission {
    private static final long NANOS_PER_MILLI = 1_000_000L;

    /** A refusal in the reason's own words, without a hint. */
    public static Refusal of(Rejection reason) {
        return of(reason, 0);
    }

    /** A refusal in the reason's own words. */
    public static Refusal of(Rejection reason, long hintNanos) {
        String estimate = reason == Rejection.UNMEETABLE ? ": it would take about " + millis(hintNanos) + " ms" : "";
        return new Refusal(reason, "", reason.sentence() + estimate, hintNanos);
    }

    /** A refusal in other words. */
    public static Refusal saying(Rejection reason, String message) {
        return new Refusal(reason, "", message, 0);
    }

    /** A field breaks a rule; the message is the field's path followed by the rule. */
    public static Refusal invalid(String field, String rule) {
        return new Refusal(Rejection.INVALID, field, field + " " + rule, 0);
    }

    /** The hint in milliseconds, at least 1. */
    public long hintMillis() {
        return millis(hintNanos);
    }

    private static long millis(long nanos) {
        return Math.max(1, nanos / NANOS_PER_MILLI);
    }
}
