package io.nuner.server.texts;

import io.nuner.server.answers.Delivery;
import io.nuner.server.batching.Rejection;
import io.nuner.server.batching.Tenant;
import java.util.function.Consumer;

/**
 * Who makes a call, and how long they wait. Immutable.
 *
 * @param tenant whose share of the engine the call uses
 * @param arrivedNanos when the call arrived, on the server's nano clock
 * @param deadlineNanos until when the caller waits, on the same clock
 * @param delivery gets each text whose answer goes out, which is then told what becomes of it
 */
public record Caller(Tenant tenant, long arrivedNanos, long deadlineNanos, Consumer<? super Delivery.Text> delivery) {
    private static final long NEAR_NANOS = 10_000_000L;
    private static final int NEAR_PART = 20;

    /**
     * The reason for a call that ends now without an answer. A client's deadline starts when it sends, so its call may end
     * shortly before the deadline known here; such a call has expired.
     */
    public Rejection endedAt(long nowNanos) {
        long near = Math.max(NEAR_NANOS, (deadlineNanos - arrivedNanos) / NEAR_PART);
        return nowNanos + near - deadlineNanos >= 0 ? Rejection.EXPIRED : Rejection.CANCELLED;
    }
}
