package io.nuner.gputest.measure;

import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Lengths of texts as traffic has them: log-normal, cut at both ends. Immutable.
 *
 * @param median tokens of the row in the middle
 * @param sigma deviation of the logarithm
 * @param shortest tokens of the shortest row
 * @param longest tokens of the longest row
 */
public record Lengths(double median, double sigma, int shortest, int longest) {
    /** Half of the rows have 120 tokens or fewer, the mean is near 150. */
    public static Lengths mixed(int shortest, int longest) {
        return new Lengths(120, 0.7, shortest, longest);
    }

    /** Draws lengths; the same for the same seed. */
    public int[] draw(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return IntStream.range(0, count).map(i -> at(gaussian(random))).toArray();
    }

    private int at(double gaussian) {
        long drawn = Math.round(median * Math.exp(sigma * gaussian));
        return (int) Math.max(shortest, Math.min(longest, drawn));
    }

    /** Box and Muller's: SplittableRandom has no nextGaussian in the older of the two Javas. */
    private static double gaussian(SplittableRandom random) {
        double radius = Math.sqrt(-2 * Math.log(1 - random.nextDouble()));
        return radius * Math.cos(2 * Math.PI * random.nextDouble());
    }
}
