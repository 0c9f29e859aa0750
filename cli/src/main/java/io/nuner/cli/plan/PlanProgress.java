package io.nuner.cli.plan;

import io.nuner.capacity.Planner;
import io.nuner.cli.common.ProgressBar;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Shows what a planner simulates: a line that redraws itself on a terminal, else a line now and then if it takes long. One
 * thread at a time.
 */
final class PlanProgress implements Planner.Listener {
    private static final long GAP_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final PrintWriter err;
    private final boolean terminal;
    private final LongSupplier nanoClock;
    private long lastNanos;
    private int simulations;

    PlanProgress(PrintWriter err, boolean terminal, LongSupplier nanoClock) {
        this.err = err;
        this.terminal = terminal;
        this.nanoClock = nanoClock;
        lastNanos = nanoClock.getAsLong();
    }

    @Override
    public void simulating(int replicas, double rate) {
        simulations++;
        String line = String.format(
                Locale.ROOT, "plan: simulation %d, %d replicas at %.1f texts/s", simulations, replicas, rate);
        if (terminal) {
            err.print(ProgressBar.REDRAW + line);
            err.flush();
        } else if (nanoClock.getAsLong() - lastNanos >= GAP_NANOS) {
            err.println(line);
            err.flush();
            lastNanos = nanoClock.getAsLong();
        }
    }

    /** Clears the line. */
    void end() {
        if (terminal) {
            err.print(ProgressBar.REDRAW);
            err.flush();
        }
    }
}
