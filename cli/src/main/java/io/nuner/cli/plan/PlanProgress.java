package io.nuner.cli.plan;

import io.nuner.capacity.Planner;
import io.nuner.cli.common.ProgressLine;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Shows the simulation that runs; off a terminal, at most one line in 5 s. One thread at a time. */
final class PlanProgress implements Planner.Listener {
    private static final long GAP_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final ProgressLine line;
    private final LongSupplier nanoClock;
    private long lastNanos;
    private int simulations;

    PlanProgress(ProgressLine line, LongSupplier nanoClock) {
        this.line = line;
        this.nanoClock = nanoClock;
        lastNanos = nanoClock.getAsLong();
    }

    @Override
    public void simulating(int replicas, double rate) {
        simulations++;
        String text = String.format(
                Locale.ROOT, "plan: simulation %d, %d replicas at %.1f texts/s", simulations, replicas, rate);
        if (line.isTerminal()) {
            line.draw(text);
        } else if (nanoClock.getAsLong() - lastNanos >= GAP_NANOS) {
            line.print(text);
            lastNanos = nanoClock.getAsLong();
        }
    }
}
