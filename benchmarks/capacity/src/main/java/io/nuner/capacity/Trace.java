package io.nuner.capacity;

import io.nuner.capacity.simulation.Arrival;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A recorded load, which can be repeated, sped up or slowed down, and shared among replicas. Immutable.
 *
 * @param arrivals at least two, in the order of time, not all at once; the first is at zero
 */
public record Trace(List<Arrival> arrivals) {
    private static final double NANOS_PER_SECOND = 1e9;

    public Trace {
        arrivals = List.copyOf(arrivals);
        if (arrivals.size() < 2 || last(arrivals).atNanos() == 0) {
            throw new IllegalArgumentException("must hold at least two texts that do not arrive at the same time");
        }
    }

    /** The trace of arrivals in any order. */
    static Trace ofUnordered(List<Arrival> arrivals) {
        List<Arrival> ordered = new ArrayList<>(arrivals);
        ordered.sort(Comparator.comparingLong(Arrival::atNanos));
        long first = ordered.isEmpty() ? 0 : ordered.get(0).atNanos();
        ordered.replaceAll(arrival -> at(arrival.atNanos() - first, arrival));
        return new Trace(ordered);
    }

    private static Arrival last(List<Arrival> arrivals) {
        return arrivals.get(arrivals.size() - 1);
    }

    private static Arrival at(long atNanos, Arrival what) {
        return new Arrival(atNanos, what.tokens(), what.tenant(), what.bulk(), what.timeoutNanos());
    }

    /** Texts a second. */
    public double rate() {
        return (arrivals.size() - 1) / (last(arrivals).atNanos() / NANOS_PER_SECOND);
    }

    /** Tokens of a text, on average. */
    public double meanTokens() {
        return arrivals.stream().mapToInt(Arrival::tokens).average().orElse(0);
    }

    /** The same with no text longer than that. */
    public Trace cutTo(int maxTokens) {
        return new Trace(arrivals.stream()
                .map(what -> new Arrival(
                        what.atNanos(),
                        Math.min(maxTokens, what.tokens()),
                        what.tenant(),
                        what.bulk(),
                        what.timeoutNanos()))
                .toList());
    }

    /**
     * What one of several replicas gets when each text goes to any of them by chance.
     *
     * <p>Gaps are stretched or shrunk by one factor, so bursts stay bursts. The whole trace is gone through at least once, as
     * it is; then again, with its texts in another order at the same times, until the replica has enough.
     *
     * @param totalRate texts a second at all replicas together
     * @param atLeast texts the replica gets at least
     */
    List<Arrival> share(double totalRate, int replicas, int atLeast, long seed) {
        double factor = rate() / totalRate;
        double passNanos = arrivals.size() / totalRate * NANOS_PER_SECOND;
        SplittableRandom random = new SplittableRandom(seed);
        List<Arrival> texts = new ArrayList<>(arrivals);
        List<Arrival> share = new ArrayList<>();
        for (int pass = 0; pass == 0 || share.size() < atLeast; pass++) {
            if (pass > 0) {
                shuffle(texts, random);
            }
            for (int i = 0; i < texts.size(); i++) {
                if (replicas == 1 || random.nextInt(replicas) == 0) {
                    double atNanos = pass * passNanos + arrivals.get(i).atNanos() * factor;
                    share.add(at((long) atNanos, texts.get(i)));
                }
            }
        }
        return share;
    }

    private static void shuffle(List<Arrival> texts, SplittableRandom random) {
        for (int i = texts.size() - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            Arrival moved = texts.get(i);
            texts.set(i, texts.get(other));
            texts.set(other, moved);
        }
    }
}
