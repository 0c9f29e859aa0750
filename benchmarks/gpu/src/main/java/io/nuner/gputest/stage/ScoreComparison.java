package io.nuner.gputest.stage;

import io.nuner.engine.RowLogits;
import io.nuner.gputest.measure.Samples;
import io.nuner.gputest.result.Measurement;
import io.nuner.model.decode.DecodeOptions;
import io.nuner.model.decode.EntitySpan;
import io.nuner.model.decode.Merging;
import io.nuner.model.decode.SpanDecoder;
import io.nuner.model.encode.EncodedRequest;
import java.util.Arrays;
import java.util.List;

/** How scores of two engines for the same texts differ. One thread at a time. */
final class ScoreComparison {
    /** A score this close to 0.5 may fall on either side by rounding. */
    static final double MARGIN = 0.01;

    private static final double THRESHOLD = 0.5;
    private static final DecodeOptions OPTIONS = new DecodeOptions((float) THRESHOLD, false, true, Merging.ADJACENT);
    private static final int FIRST_ROOM = 1 << 16;

    private double[] differences = new double[FIRST_ROOM];
    private int scores;
    private int texts;
    private int sameTexts;
    private long above;
    private int differing;
    private int withinMargin;
    private double largestLogitDifference;
    private double logitSum;
    private double logitSquares;

    /** Takes the scores of a text, first those of the reference. */
    void add(EncodedRequest text, RowLogits reference, RowLogits found) {
        for (int word = 0; word < reference.words(); word++) {
            for (int label = 0; label < reference.labels(); label++) {
                add(reference.at(word, 0, label), found.at(word, 0, label));
            }
        }
        texts++;
        sameTexts += places(text, reference).equals(places(text, found)) ? 1 : 0;
    }

    private void add(double expectedLogit, double foundLogit) {
        double expected = RowLogits.probability(expectedLogit);
        double found = RowLogits.probability(foundLogit);
        if (scores == differences.length) {
            differences = Arrays.copyOf(differences, 2 * scores);
        }
        differences[scores++] = Math.abs(expected - found);
        largestLogitDifference = Math.max(largestLogitDifference, Math.abs(expectedLogit - foundLogit));
        logitSum += expectedLogit;
        logitSquares += expectedLogit * expectedLogit;
        above += expected > THRESHOLD ? 1 : 0;
        if (expected > THRESHOLD != found > THRESHOLD) {
            boolean close = Math.abs(expected - THRESHOLD) <= MARGIN;
            withinMargin += close ? 1 : 0;
            differing += close ? 0 : 1;
        }
    }

    private static List<EntitySpan> places(EncodedRequest text, RowLogits logits) {
        return SpanDecoder.decode(logits, text.words(), OPTIONS).stream()
                .map(span -> new EntitySpan(span.start(), span.end(), span.label(), 0))
                .toList();
    }

    /** Scores of the reference above 0.5, in per cent. */
    double percentAbove() {
        return scores == 0 ? 0 : 100.0 * above / scores;
    }

    private double meanLogit() {
        return logitSum / scores;
    }

    private double logitDeviation() {
        return Math.sqrt(Math.max(0, logitSquares / scores - meanLogit() * meanLogit()));
    }

    /** The figures of all texts so far. */
    List<Measurement> measurements() {
        Samples all = Samples.copyOf(Arrays.copyOf(differences, scores));
        return List.of(
                Measurement.of("scores compared", scores, ""),
                Measurement.of("scores above 0.5", percentAbove(), "%"),
                Measurement.of("mean of the logits", meanLogit(), ""),
                Measurement.of("deviation of the logits", logitDeviation(), ""),
                Measurement.of("largest difference of scores", all.max(), ""),
                Measurement.of("difference that 99.9 % do not exceed", all.quantile(0.999), ""),
                Measurement.of("largest difference of logits", largestLogitDifference, ""),
                Measurement.of("spans found by one only, within " + MARGIN + " of 0.5", withinMargin, ""),
                Measurement.of("spans found by one only, beyond", differing, "").below(1),
                Measurement.of("texts with the same entities", 100.0 * sameTexts / texts, "%"));
    }
}
