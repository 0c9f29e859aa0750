package io.nuner.server.config;

import io.nuner.engine.EngineSettings;

/**
 * How much work the server takes on at once. Immutable.
 *
 * @param maxRequests texts accepted but not yet answered; more are refused
 * @param maxTokens tokens of those texts; more are refused
 * @param ringSlots places in the ring before the batcher, a power of two of at least {@code maxRequests}
 * @param callThreads threads that read and encode requests; 0 means two, or one for each core if there are more
 * @param decodeThreads threads that turn scores into answers; 0 means one for each two cores, at least one
 */
public record LoadConfig(int maxRequests, long maxTokens, int ringSlots, int callThreads, int decodeThreads) {
    public static final LoadConfig DEFAULT = new LoadConfig(512, 262_144, 1024, 0, 0);

    /** A bound, since each text takes a place in the ring and memory. */
    public static final int MOST_REQUESTS = 1_000_000;

    private static final long MOST_TOKENS = 1_000_000_000L;

    /** For each lane: one runs, and those that wait are enough to choose good batches from. */
    private static final int BATCHES_IN_FLIGHT = 4;

    public LoadConfig {
        Require.within("load.max-requests", 1, MOST_REQUESTS, maxRequests);
        Require.within("load.max-tokens", 1, MOST_TOKENS, maxTokens);
        Require.that(Integer.bitCount(ringSlots) == 1, "load.ring-slots", "a power of two", ringSlots);
        Require.that(ringSlots >= maxRequests, "load.ring-slots", "at least load.max-requests", ringSlots);
        Require.that(callThreads >= 0, "load.call-threads", "at least 0", callThreads);
        Require.that(decodeThreads >= 0, "load.decode-threads", "at least 0", decodeThreads);
    }

    /** The same with other bounds; the ring grows if it has fewer places than there may be texts. */
    public LoadConfig holding(int texts, long tokens) {
        Require.within("load.max-requests", 1, MOST_REQUESTS, texts);
        return new LoadConfig(texts, tokens, Math.max(ringSlots, slotsFor(texts)), callThreads, decodeThreads);
    }

    /** The same; if they need more, with room for several of the fullest batches in each lane of an engine. */
    public LoadConfig roomFor(EngineSettings engine) {
        long running = (long) engine.lanes() * engine.limits().maxRows();
        long room = Math.max(maxRequests, BATCHES_IN_FLIGHT * running);
        return holding((int) Math.min(MOST_REQUESTS, room), maxTokens);
    }

    /** The next power of two. */
    private static int slotsFor(int requests) {
        return requests <= 1 ? 1 : Integer.highestOneBit(requests - 1) << 1;
    }

    public int effectiveCallThreads() {
        return callThreads > 0 ? callThreads : Math.max(2, Runtime.getRuntime().availableProcessors());
    }

    public int effectiveDecodeThreads() {
        return decodeThreads > 0
                ? decodeThreads
                : Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    }
}
