package io.nuner.load;

import io.nuner.load.StepReport.Second;
import java.util.ArrayList;
import java.util.List;

/** A step second by second. One thread at a time. */
final class Timeline {
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final long startNanos;
    private final List<Second> past = new ArrayList<>();
    private final Times latencies = new Times();
    private long sent;
    private long good;
    private long refused;
    private long other;

    Timeline(long startNanos) {
        this.startNanos = startNanos;
    }

    void sent(long nowNanos) {
        advance(nowNanos);
        sent++;
    }

    void finished(CallInFlight.Outcome outcome, long nowNanos) {
        advance(nowNanos);
        if (outcome.isGood()) {
            good++;
        } else if (outcome.isRefused()) {
            refused++;
        } else {
            other++;
        }
        if (outcome.isGood() && outcome.asked().kind() == NextCall.Kind.VALID) {
            latencies.add(outcome.latencyNanos());
        }
    }

    /** Closes the seconds that have passed. */
    void advance(long nowNanos) {
        long second = (nowNanos - startNanos) / NANOS_PER_SECOND;
        while (past.size() < second) {
            close();
        }
    }

    /** The last whole second. */
    Second last() {
        return past.isEmpty() ? Second.NONE : past.get(past.size() - 1);
    }

    /** All seconds; the last may be unfinished. */
    List<Second> seconds() {
        List<Second> all = new ArrayList<>(past);
        if (sent + good + refused + other > 0) {
            all.add(current());
        }
        return List.copyOf(all);
    }

    private void close() {
        past.add(current());
        latencies.clear();
        sent = 0;
        good = 0;
        refused = 0;
        other = 0;
    }

    private Second current() {
        return new Second(past.size(), sent, good, refused, other, latencies.p99Millis());
    }
}
