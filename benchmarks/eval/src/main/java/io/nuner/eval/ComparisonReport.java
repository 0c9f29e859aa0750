package io.nuner.eval;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * All that a comparison says, as it stands in its JSON.
 *
 * @param a what an evaluation of A alone says; the time is that of both
 * @param b the same of B
 */
public record ComparisonReport(EvalReport a, EvalReport b, SpanAgreement agreement, Differences difference) {
    private static final Gson GSON =
            new GsonBuilder().disableHtmlEscaping().setPrettyPrinting().create();

    static ComparisonReport of(EvalReport a, EvalReport b, List<AnnotatedText> texts, Answers ofA, Answers ofB) {
        Set<String> labels = new TreeSet<>(a.entities().byLabel().keySet());
        labels.addAll(b.entities().byLabel().keySet());
        List<Scoring> scoredA = ofA.scoreEach(texts);
        List<Scoring> scoredB = ofB.scoreEach(texts);
        Differences difference = new Differences(
                PairedBootstrap.CONFIDENCE,
                PairedBootstrap.RESAMPLES,
                PairedBootstrap.SEED,
                F1.of(List.copyOf(labels), scoredA, scoredB, Scoring::entities),
                F1.of(List.copyOf(labels), scoredA, scoredB, Scoring::tokens));
        return new ComparisonReport(a, b, SpanAgreement.of(ofA.found(), ofB.found()), difference);
    }

    public String toJson() {
        return GSON.toJson(this);
    }

    /**
     * F1 of B minus F1 of A.
     *
     * @param confidence of the intervals
     * @param resamples of the texts from which each interval comes
     * @param seed of what was drawn
     */
    public record Differences(double confidence, int resamples, long seed, F1 entities, F1 tokens) {}

    /** Differences of one way of counting. */
    public record F1(
            EstimatedDifference micro, EstimatedDifference macro, SortedMap<String, EstimatedDifference> byLabel) {
        private static F1 of(List<String> labels, List<Scoring> a, List<Scoring> b, Function<Scoring, Tally> counted) {
            List<EstimatedDifference> differences = PairedBootstrap.differences(
                    TextCounts.of(labels, a.stream().map(counted).toList()),
                    TextCounts.of(labels, b.stream().map(counted).toList()));
            SortedMap<String, EstimatedDifference> byLabel = new TreeMap<>();
            for (int label = 0; label < labels.size(); label++) {
                byLabel.put(labels.get(label), differences.get(label));
            }
            return new F1(differences.get(labels.size()), differences.get(labels.size() + 1), byLabel);
        }
    }
}
