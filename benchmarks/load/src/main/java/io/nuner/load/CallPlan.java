package io.nuner.load;

/**
 * All that is decided about a call before it is sent. Immutable.
 *
 * @param text index in the pool
 * @param labels index of the label set
 * @param tenant index in the traffic's tenants
 * @param bulk whether nobody waits for it
 * @param deadlineNanos from the time it should start
 * @param point in [0, 1): when in its life it is cancelled, or how it is malformed
 */
record CallPlan(CallKind kind, int text, int labels, int tenant, boolean bulk, long deadlineNanos, double point) {}
