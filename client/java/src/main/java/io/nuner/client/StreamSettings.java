package io.nuner.client;

import java.time.Duration;

/**
 * How many texts are sent through one stream, and how long it is kept up. Immutable; start from {@link #DEFAULTS}.
 *
 * @param ordered whether outcomes come in the order of the texts; else as they are ready
 * @param maxUnderWay texts that are sent and not answered, at most; they are kept to be sent again
 * @param patience how long a server may be away before the stream fails; a server that is restarted needs a while
 */
public record StreamSettings(boolean ordered, int maxUnderWay, Duration patience) {
    private static final int MOST_UNDER_WAY = 65_536;
    private static final Duration MOST_PATIENCE = Duration.ofDays(7);

    /** As they are ready, 256 texts under way, a minute of patience. */
    public static final StreamSettings DEFAULTS = new StreamSettings(false, 256, Duration.ofMinutes(1));

    public StreamSettings {
        if (maxUnderWay < 1 || maxUnderWay > MOST_UNDER_WAY) {
            throw new IllegalArgumentException(
                    "maxUnderWay must be 1 to " + MOST_UNDER_WAY + ", but was " + maxUnderWay);
        }
        if (patience.isNegative() || patience.compareTo(MOST_PATIENCE) > 0) {
            throw new IllegalArgumentException("patience must be 0 to " + MOST_PATIENCE + ", but was " + patience);
        }
    }

    public StreamSettings withOrdered(boolean inOrder) {
        return new StreamSettings(inOrder, maxUnderWay, patience);
    }

    public StreamSettings withMaxUnderWay(int texts) {
        return new StreamSettings(ordered, texts, patience);
    }

    public StreamSettings withPatience(Duration longest) {
        return new StreamSettings(ordered, maxUnderWay, longest);
    }
}
