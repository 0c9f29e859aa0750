package io.nuner.load;

/** How a step goes: its last whole second, calls in flight, and the latency so far. Immutable. */
record StepStatus(Timeline.Second second, long inFlight, double p99Millis, long medianNanos) {}
