package io.nuner.server.batching;

/**
 * The forward pass that a text ran in. Immutable.
 *
 * @param startNanos when it started, on the server's nano clock
 * @param runNanos how long it took
 * @param rows texts in the batch
 * @param tokens tokens in the batch
 * @param paddedTokens tokens in the batch with each row padded to the longest
 */
public record BatchRun(long startNanos, long runNanos, int rows, int tokens, int paddedTokens) {}
