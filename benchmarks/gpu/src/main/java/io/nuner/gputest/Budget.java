package io.nuner.gputest;

import io.nuner.gputest.options.Stage;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * The time of a run, shared out stage by stage: each gets what it wishes, as long as enough is left for the least of all that
 * follow. One thread at a time.
 */
final class Budget {
    private static final double NANOS = 1e9;

    private final double totalSeconds;
    private final LongSupplier nanoClock;
    private final long startNanos;

    Budget(double totalSeconds, LongSupplier nanoClock) {
        this.totalSeconds = totalSeconds;
        this.nanoClock = nanoClock;
        startNanos = nanoClock.getAsLong();
    }

    double elapsedSeconds() {
        return (nanoClock.getAsLong() - startNanos) / NANOS;
    }

    double leftSeconds() {
        return totalSeconds - elapsedSeconds();
    }

    /** What the stage gets, given the stages that are still to come. */
    Share share(Stage stage, double wishSeconds, List<Stage> later) {
        double left = leftSeconds();
        double least = Math.min(stage.leastSeconds(), wishSeconds);
        if (left < least) {
            return new Share(0, "budget: %.0f s left, needs at least %.0f s".formatted(Math.max(0, left), least));
        }
        double reserved = later.stream().mapToInt(Stage::leastSeconds).sum();
        double seconds = Math.min(wishSeconds, Math.max(least, left - reserved));
        String remark =
                seconds < wishSeconds ? "budget: shortened from %.0f s to %.0f s".formatted(wishSeconds, seconds) : "";
        return new Share(seconds, remark);
    }

    /**
     * Time for one stage.
     *
     * @param seconds 0 if there is not enough left
     * @param remark what was cut, and why; empty if nothing
     */
    record Share(double seconds, String remark) {
        boolean isEnough() {
            return seconds > 0;
        }
    }
}
