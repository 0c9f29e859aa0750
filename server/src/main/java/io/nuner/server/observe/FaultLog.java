package io.nuner.server.observe;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs faults of the server and its engine; faults that a caller may cause take at most one line a second. Any thread.
 *
 * <p>A line holds the kind of fault, the exception's class and where it was thrown, never its message: a message may
 * quote user text.
 */
public final class FaultLog {
    private static final Logger LOG = LoggerFactory.getLogger(FaultLog.class);
    private static final long PAUSE_NANOS = 1_000_000_000L;

    private final LongSupplier nanoClock;
    private final AtomicLong silentUntilNanos;
    private final AtomicLong leftOut = new AtomicLong();
    private final AtomicLong reported = new AtomicLong();

    public FaultLog(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        this.silentUntilNanos = new AtomicLong(nanoClock.getAsLong());
    }

    /**
     * Reports a fault.
     *
     * @param kind a constant of the program, such as "a batch failed"
     */
    public void report(String kind, Throwable fault) {
        reported.incrementAndGet();
        long now = nanoClock.getAsLong();
        long until = silentUntilNanos.get();
        if (now - until < 0 || !silentUntilNanos.compareAndSet(until, now + PAUSE_NANOS)) {
            leftOut.incrementAndGet();
            return;
        }
        LOG.warn("{}: {} ({} more not shown)", kind, describe(fault), leftOut.getAndSet(0));
    }

    /** Faults reported so far, shown or not. */
    public long reported() {
        return reported.get();
    }

    /**
     * Reports a fault that cannot come often, such as the loss of the engine: never left out.
     *
     * @param kind a constant of the program
     */
    public void announce(String kind, Throwable fault) {
        reported.incrementAndGet();
        LOG.warn("{}: {}", kind, describe(fault));
    }

    private static String describe(Throwable fault) {
        try {
            Throwable cause = fault.getCause();
            String origin = cause == null ? "" : ", caused by " + place(cause);
            return place(fault) + origin;
        } catch (RuntimeException | Error e) { // it may be of a foreign class that throws
            return fault.getClass().getName();
        }
    }

    private static String place(Throwable fault) {
        StackTraceElement[] trace = fault.getStackTrace();
        String where = trace.length == 0 ? "an unknown place" : trace[0].toString();
        return fault.getClass().getName() + " at " + where;
    }
}
