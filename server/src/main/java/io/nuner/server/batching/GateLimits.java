package io.nuner.server.batching;

/**
 * How much is in flight at most. Immutable.
 *
 * @param maxRequests texts accepted but not yet answered
 * @param maxTokens tokens of those texts; a text of more tokens is never admitted
 * @param maxDelayNanos how long a queue of interactive texts may stand; see {@link StandingQueue}
 */
public record GateLimits(int maxRequests, long maxTokens, long maxDelayNanos) {}
