package io.nuner.server.texts;

import io.grpc.Context;
import io.grpc.Deadline;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How long a call may take. Immutable.
 *
 * @param unset for calls without a deadline
 * @param longest for all others
 */
public record CallDeadline(Duration unset, Duration longest) {
    public CallDeadline {
        require("deadline.unset", unset);
        require("deadline.longest", longest);
    }

    private static void require(String key, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(key + " must be longer than zero, but was " + value);
        }
    }

    /** The deadline of the current call, on the clock of {@code nowNanos}. */
    public long ofCurrentCall(long nowNanos) {
        Deadline deadline = Context.current().getDeadline();
        if (deadline == null) {
            return nowNanos + unset.toNanos();
        }
        return nowNanos + Math.min(deadline.timeRemaining(TimeUnit.NANOSECONDS), longest.toNanos());
    }

    /** The same for a document, which has another longest deadline, and that one if the client sets none. */
    public static long ofCurrentDocument(long nowNanos, Duration longestDocument) {
        Deadline deadline = Context.current().getDeadline();
        long most = longestDocument.toNanos();
        return nowNanos + (deadline == null ? most : Math.min(deadline.timeRemaining(TimeUnit.NANOSECONDS), most));
    }
}
