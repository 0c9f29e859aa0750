package io.nuner.load;

import java.time.Duration;
import java.util.List;

/**
 * When calls are made. Immutable.
 *
 * @param spacing of arrivals, where they do not wait for answers
 * @param warmUp how long the load of the first step runs before, uncounted
 * @param continuous whether a step begins while calls of the one before are still under way
 * @param seed of the arrivals
 */
public record LoadPlan(List<Step> steps, Spacing spacing, Duration warmUp, boolean continuous, long seed) {
    private static final int MAX_STEPS = 100;

    public LoadPlan {
        steps = List.copyOf(steps);
        if (steps.isEmpty() || steps.size() > MAX_STEPS) {
            throw new IllegalArgumentException(
                    "rate must name 1 to " + MAX_STEPS + " steps, but named " + steps.size());
        }
        if (warmUp.isNegative()) {
            throw new IllegalArgumentException("warm-up must not be negative, but was " + warmUp);
        }
        Duration total = total(steps, warmUp);
        if (total.compareTo(Step.MAX_DURATION) > 0) {
            throw new IllegalArgumentException("duration must be at most " + Step.MAX_DURATION.toMinutes()
                    + "m for all steps and the warm-up, but was " + total.toMinutes() + "m");
        }
    }

    /** Of all steps and the warm-up; waiting for the last answers is not counted. */
    public Duration total() {
        return total(steps, warmUp);
    }

    private static Duration total(List<Step> steps, Duration warmUp) {
        return steps.stream().map(Step::duration).reduce(warmUp, Duration::plus);
    }
}
