package io.nuner.server.answers;

import java.time.Duration;

/**
 * How long a stream may stand still, and how much of it may be under way. Immutable.
 *
 * @param maxTexts texts of one ExtractStream that are read and not yet answered; then the server stops reading
 * @param idle an ExtractStream without a text under way ends if its client sends nothing for this time
 * @param stall a stream ends if it has unsent answers and none of their bytes has left for this time
 */
public record StreamLimits(int maxTexts, Duration idle, Duration stall) {
    public static final StreamLimits DEFAULT = new StreamLimits(64, Duration.ofMinutes(5), Duration.ofMinutes(2));

    /** More would make a stream hold more than a batch call may. */
    public static final int MOST_TEXTS = 10_000;

    public StreamLimits {
        require(maxTexts >= 1, "streams.max-texts", "at least 1", maxTexts);
        require(maxTexts <= MOST_TEXTS, "streams.max-texts", "at most " + MOST_TEXTS, maxTexts);
        require(idle.toMillis() > 0, "streams.idle", "longer than zero", idle);
        require(stall.toMillis() > 0, "streams.stall", "longer than zero", stall);
    }

    private static void require(boolean holds, String key, String rule, Object value) {
        if (!holds) {
            throw new IllegalArgumentException(key + " must be " + rule + ", but was " + value);
        }
    }
}
