package io.nuner.eval;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * How far a difference of F1 between two sides may be chance of which texts were asked: the paired bootstrap of P. Koehn,
 * Statistical Significance Tests for Machine Translation Evaluation (EMNLP 2004); for other tasks and figures: T.
 * Berg-Kirkpatrick, D. Burkett and D. Klein, An Empirical Investigation of Statistical Significance in NLP (EMNLP-CoNLL 2012).
 *
 * <p>As many texts as there are, drawn with replacement, the same for both sides, give one difference. The interval is what
 * lies between the percentiles 2.5 and 97.5 of many of them. The seed is fixed, so equal answers give equal intervals.
 */
final class PairedBootstrap {
    static final int RESAMPLES = 2_000;
    static final double CONFIDENCE = 0.95;
    static final long SEED = 1;

    private PairedBootstrap() {}

    /** The differences of B - A with their intervals, for each figure of {@link TextCounts#f1}. */
    static List<EstimatedDifference> differences(TextCounts a, TextCounts b) {
        double[][] resampled = resampled(a, b);
        int[] once = new int[a.size()];
        Arrays.fill(once, 1);
        double[] asked = minus(b.f1(once), a.f1(once));
        List<EstimatedDifference> differences = new ArrayList<>(asked.length);
        for (int figure = 0; figure < asked.length; figure++) {
            double[] sorted = resampled[figure];
            Arrays.sort(sorted);
            int outside = (int) (RESAMPLES * (1 - CONFIDENCE) / 2);
            differences.add(new EstimatedDifference(asked[figure], sorted[outside], sorted[RESAMPLES - 1 - outside]));
        }
        return differences;
    }

    /** For each figure its differences on all resamples. */
    private static double[][] resampled(TextCounts a, TextCounts b) {
        SplittableRandom random = new SplittableRandom(SEED);
        double[][] differences = new double[a.figures()][RESAMPLES];
        for (int sample = 0; sample < RESAMPLES; sample++) {
            int[] times = draw(a.size(), random);
            double[] difference = minus(b.f1(times), a.f1(times));
            for (int figure = 0; figure < difference.length; figure++) {
                differences[figure][sample] = difference[figure];
            }
        }
        return differences;
    }

    private static int[] draw(int texts, SplittableRandom random) {
        int[] times = new int[texts];
        for (int drawn = 0; drawn < texts; drawn++) {
            times[random.nextInt(texts)]++;
        }
        return times;
    }

    private static double[] minus(double[] b, double[] a) {
        double[] difference = new double[a.length];
        for (int figure = 0; figure < a.length; figure++) {
            difference[figure] = b[figure] - a[figure];
        }
        return difference;
    }
}
