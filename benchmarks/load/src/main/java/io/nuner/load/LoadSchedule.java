package io.nuner.load;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/**
 * When calls are made. Immutable.
 *
 * @param spacing of arrivals, where they do not wait for answers
 * @param warmUp how long the load of the first step runs before, uncounted
 * @param continuous whether a step begins while calls of the one before are still under way
 * @param seed of the arrivals
 */
public record LoadSchedule(List<Step> steps, Spacing spacing, Duration warmUp, boolean continuous, long seed) {
    private static final int MAX_STEPS = 100;

    public LoadSchedule {
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

    /** How arrivals of one rate are spread over time. */
    public enum Spacing {
        /** Independent users: gaps of exponential length. */
        POISSON {
            @Override
            double first(SplittableRandom random) {
                return gap(random);
            }

            @Override
            double gap(SplittableRandom random) {
                return -Math.log1p(-random.nextDouble());
            }
        },
        /** A clock: gaps of equal length. */
        CONSTANT {
            @Override
            double first(SplittableRandom random) {
                return 0;
            }

            @Override
            double gap(SplittableRandom random) {
                return 1;
            }
        };

        /** Expected arrivals before the first one. */
        abstract double first(SplittableRandom random);

        /** Expected arrivals between one and the next; 1 on average. */
        abstract double gap(SplittableRandom random);
    }
}
