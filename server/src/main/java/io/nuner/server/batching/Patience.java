package io.nuner.server.batching;

/**
 * How a text lets others go first. Immutable.
 *
 * @param isHeldBack whether its caller tries again where there is no room now, rather than being refused. It leaves a part of what may
 *     stand to those who are refused
 * @param yields whether it comes after the calls of its tenant and priority until a part of its time is over
 */
public record Patience(boolean isHeldBack, boolean yields) {
    /** Of a call whose caller waits for this one text. */
    public static final Patience NONE = new Patience(false, false);

    /** A text is patient for this part of its time. */
    private static final int PART_OF_TIME = 4;

    /**
     * Until when a text may be patient.
     *
     * @param fromNanos when its time began
     * @param deadlineNanos when its time is over
     */
    public static long endNanos(long fromNanos, long deadlineNanos) {
        return fromNanos + (deadlineNanos - fromNanos) / PART_OF_TIME;
    }
}
