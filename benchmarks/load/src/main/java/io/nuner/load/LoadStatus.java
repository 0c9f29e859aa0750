package io.nuner.load;

/**
 * How far a run is. Immutable.
 *
 * @param step what the step is called; {@code warm-up} before the first
 * @param done part of the run that is over, in [0, 1]
 * @param sentPerSecond calls sent in the last whole second
 * @param okPerSecond calls answered within their deadline in it
 * @param refusedPerSecond calls refused in it
 * @param p99Millis of the latencies of the step so far
 */
public record LoadStatus(
        String step,
        double done,
        long secondsLeft,
        long inFlight,
        long sentPerSecond,
        long okPerSecond,
        long refusedPerSecond,
        double p99Millis) {}
