package io.nuner.load;

import java.util.SplittableRandom;

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
