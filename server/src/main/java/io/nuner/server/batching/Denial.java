package io.nuner.server.batching;

/**
 * Why a text is not taken on, with what the server knows about time. Immutable.
 *
 * @param reason why
 * @param hintNanos {@link Rejection#OVERLOADED}: when trying again may help; {@link Rejection#UNMEETABLE}: how long the
 *     answer would take; otherwise zero
 */
public record Denial(Rejection reason, long hintNanos) implements Admission {
    /** A denial that has nothing to say about time. */
    public static Denial of(Rejection reason) {
        return new Denial(reason, 0);
    }
}
