package io.nuner.server.texts;

import io.nuner.v1.LongTextPolicy;
import java.time.Duration;

/**
 * How texts are treated that the model cannot read at once. Immutable.
 *
 * @param policy of requests that choose none
 * @param inFlight rows of one text that wait or run at the same time, at most
 * @param overlapWords words that two neighbouring windows share
 * @param longestDocument the longest deadline of ExtractDocument, and the one of calls that have none
 * @param mostUnits UTF-16 units of all such texts that are under way, at most; more are refused
 */
public record LongTexts(
        LongTextPolicy policy, int inFlight, int overlapWords, Duration longestDocument, long mostUnits) {
    private static final int HEAP_PART = 16;

    public static final LongTexts DEFAULT = new LongTexts(
            LongTextPolicy.LONG_TEXT_POLICY_WINDOW,
            4,
            64,
            Duration.ofMinutes(15),
            Math.max(1 << 23, Runtime.getRuntime().maxMemory() / HEAP_PART));

    private static final int MOST_IN_FLIGHT = 1024;
    private static final int MOST_OVERLAP = 10_000;

    public LongTexts {
        require(
                policy == LongTextPolicy.LONG_TEXT_POLICY_WINDOW || policy == LongTextPolicy.LONG_TEXT_POLICY_REJECT,
                "long-texts.long-text-default",
                "window or reject",
                policy);
        require(
                inFlight >= 1 && inFlight <= MOST_IN_FLIGHT,
                "long-texts.window-in-flight",
                "1 to " + MOST_IN_FLIGHT,
                inFlight);
        require(
                overlapWords >= 0 && overlapWords <= MOST_OVERLAP,
                "long-texts.window-overlap",
                "0 to " + MOST_OVERLAP,
                overlapWords);
        require(longestDocument.toMillis() > 0, "long-texts.deadline-document", "longer than zero", longestDocument);
        require(mostUnits >= 1, "long-texts.most-units", "at least 1", mostUnits);
    }

    private static void require(boolean holds, String key, String rule, Object value) {
        if (!holds) {
            throw new IllegalArgumentException(key + " must be " + rule + ", but was " + value);
        }
    }

    /** These with another policy of requests that choose none. */
    public LongTexts withPolicy(LongTextPolicy other) {
        return new LongTexts(other, inFlight, overlapWords, longestDocument, mostUnits);
    }
}
