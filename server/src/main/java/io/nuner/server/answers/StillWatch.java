package io.nuner.server.answers;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Looks now and then how long something has stood still, and acts once when that is too long. Any thread. */
public final class StillWatch {
    private static final long SOONEST_NANOS = 1_000_000;

    private final StreamWork work;
    private final long limitNanos;
    private final LongSupplier stillNanos;
    private final Runnable tooLong;
    private @Nullable ScheduledFuture<?> next;
    private boolean isOver;

    /**
     * A watch that does not look yet.
     *
     * @param stillNanos how long it has stood still; 0 while it moves
     * @param tooLong what is done; on a thread of calls
     */
    public StillWatch(StreamWork work, Duration limit, LongSupplier stillNanos, Runnable tooLong) {
        this.work = work;
        limitNanos = limit.toNanos();
        this.stillNanos = stillNanos;
        this.tooLong = tooLong;
    }

    /** Begins to look. */
    public void begin() {
        lookAfter(limitNanos);
    }

    /** Looks no more. */
    public synchronized void stop() {
        isOver = true;
        if (next != null) {
            next.cancel(false);
        }
    }

    private synchronized void lookAfter(long nanos) {
        if (!isOver) {
            Runnable look = () -> work.threads().execute(this::look);
            next = work.timer().schedule(look, Math.max(SOONEST_NANOS, nanos), TimeUnit.NANOSECONDS);
        }
    }

    private void look() {
        long left = limitNanos - stillNanos.getAsLong();
        if (left > 0) {
            lookAfter(left);
        } else {
            tooLong.run();
        }
    }
}
