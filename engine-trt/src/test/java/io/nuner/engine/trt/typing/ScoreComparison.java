package io.nuner.engine.trt.typing;

import io.nuner.engine.RowLogits;
import java.util.ArrayList;
import java.util.List;

/** How far the probabilities of one result are from those of another, over many rows. One thread at a time. */
final class ScoreComparison {
    private final List<Double> differences = new ArrayList<>();

    /** Adds a row; spans that run past the text do not count, and a score that is no number differs infinitely. */
    void add(RowLogits exact, RowLogits other) {
        List<ScoredSpan> spans = ScoredSpan.of(exact);
        List<ScoredSpan> others = ScoredSpan.of(other);
        for (int i = 0; i < spans.size(); i++) {
            double difference = spans.get(i).distance(others.get(i));
            differences.add(Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference);
        }
    }

    double largest() {
        return quantile(1);
    }

    double quantile(double share) {
        double[] sorted =
                differences.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return sorted[(int) Math.round(share * (sorted.length - 1))];
    }

    @Override
    public String toString() {
        return "%d scores, median %.1e, 99.9%% within %.2e, largest difference %.2e"
                .formatted(differences.size(), quantile(0.5), quantile(0.999), largest());
    }
}
