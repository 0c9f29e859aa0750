package io.nuner.server.rpc;

import io.nuner.server.answers.Delivery;
import io.nuner.server.batching.Rejection;
import io.nuner.server.batching.Tenant;

/**
 * Who makes a call, and how long they wait. Immutable.
 *
 * @param tenant whose share of the engine it uses
 * @param arrivedNanos when the call arrived, on the server's nano clock
 * @param deadlineNanos when nobody waits any more, on the same clock
 * @param delivery takes the answer out
 */
record Caller(Tenant tenant, long arrivedNanos, long deadlineNanos, Delivery delivery) {
    private static final long NEAR_NANOS = 10_000_000L;
    private static final int NEAR_PART = 20;

    /**
     * Why a call that ends now ends. A client counts from when it sends and ends the call at its own deadline, so a call that
     * ends a little before ours has expired.
     */
    Rejection endedAt(long nowNanos) {
        long near = Math.max(NEAR_NANOS, (deadlineNanos - arrivedNanos) / NEAR_PART);
        return nowNanos + near - deadlineNanos >= 0 ? Rejection.EXPIRED : Rejection.CANCELLED;
    }
}
