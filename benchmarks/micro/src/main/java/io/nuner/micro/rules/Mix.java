package io.nuner.micro.rules;

import io.nuner.capacity.simulation.Arrival;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** How long the texts of a trace are: log-normal, as texts are, labels included. Immutable. */
public enum Mix {
    /** Chat messages and queries. */
    SHORT(40, 0.4),
    /** Paragraphs and pages. */
    LONG(250, 0.5),
    /** Everything at once. */
    MIXED(90, 0.9);

    private static final int SHORTEST = 16;
    private static final int LONGEST = 512;

    private final double median;
    private final double sigma;

    Mix(double median, double sigma) {
        this.median = median;
        this.sigma = sigma;
    }

    /** Poisson arrivals at a rate of texts a second. */
    List<Arrival> trace(int texts, double rate, long timeoutNanos, long seed) {
        Random random = new Random(seed);
        List<Arrival> trace = new ArrayList<>(texts);
        double at = 0;
        for (int i = 0; i < texts; i++) {
            at += -Math.log(1 - random.nextDouble()) / rate * 1e9;
            trace.add(new Arrival((long) at, tokens(random), "default", false, timeoutNanos));
        }
        return trace;
    }

    private int tokens(Random random) {
        int tokens = (int) Math.round(median * Math.exp(sigma * random.nextGaussian()));
        return Math.max(SHORTEST, Math.min(LONGEST, tokens));
    }
}
