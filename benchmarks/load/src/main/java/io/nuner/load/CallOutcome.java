package io.nuner.load;

import io.grpc.Status;
import io.nuner.v1.ExtractResponse;
import org.jspecify.annotations.Nullable;

/**
 * How a call ended. Immutable.
 *
 * @param latencyNanos from the time it should have started
 * @param response of a call that succeeded
 * @param pushback whether a refusal had the trailer that clients' retries obey
 * @param retryInfo whether it said so in its details
 */
record CallOutcome(
        CallPlan plan,
        Status.Code code,
        long latencyNanos,
        @Nullable ExtractResponse response,
        boolean pushback,
        boolean retryInfo) {
    /** True if the answer is of use to the caller. */
    boolean isGood() {
        return code == Status.Code.OK && latencyNanos <= plan.deadlineNanos();
    }

    /** True if the server said no because of too much work, or because it serves no longer. */
    boolean isRefused() {
        return code == Status.Code.RESOURCE_EXHAUSTED || code == Status.Code.UNAVAILABLE;
    }
}
