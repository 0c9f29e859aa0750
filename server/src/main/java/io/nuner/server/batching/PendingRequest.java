package io.nuner.server.batching;

import io.nuner.engine.TokenRow;

/**
 * A text that is ready to run. Immutable but for its reply.
 *
 * @param row what the engine sees
 * @param readyNanos when it became ready, on the server's nano clock
 * @param deadlineNanos when nobody wants the answer any more, on the same clock
 * @param reply where the answer goes
 */
public record PendingRequest(TokenRow row, long readyNanos, long deadlineNanos, Reply reply) implements BatcherEvent {
    /** True from the deadline on. */
    public boolean isExpired(long nowNanos) {
        return nowNanos - deadlineNanos >= 0;
    }

    /** True if the answer is still wanted; a request that is past its deadline is answered so. Any thread. */
    public boolean isWanted(long nowNanos) {
        if (isExpired(nowNanos)) {
            reply.reject(Rejection.EXPIRED);
        }
        return reply.isOpen();
    }

    @Override
    public void applyTo(Batcher batcher) {
        batcher.onArrived(this);
    }

    @Override
    public void fail() {
        reply.reject(Rejection.DEFECT);
    }
}
