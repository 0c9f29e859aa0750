package io.nuner.cli.eval;

import io.nuner.client.Extraction;
import io.nuner.client.ExtractionException;
import io.nuner.client.Outcome;
import io.nuner.eval.AnnotatedText;
import io.nuner.eval.Labelled.Span;
import io.nuner.eval.Scoring;
import io.nuner.eval.TestSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The comparison of a server's answers with a test set, and how the asking went. */
record Evaluation(Scoring scoring, EvalReport.Run run) {
    private static final double NANOS_PER_SECOND = 1e9;

    /** Compares; {@code outcomes[i]} belongs to {@code texts[i]}. A refused text has no entities. */
    static Evaluation of(TestSet testSet, List<Outcome> outcomes, Duration time) {
        Scoring scoring = new Scoring(testSet.labels());
        List<EvalReport.Refusal> refusals = new ArrayList<>();
        int truncated = 0;
        for (int i = 0; i < outcomes.size(); i++) {
            AnnotatedText text = testSet.texts().get(i);
            try {
                Extraction extraction = outcomes.get(i).orThrow();
                scoring.add(text, spans(extraction));
                truncated += extraction.usage().getTruncated() ? 1 : 0;
            } catch (ExtractionException e) {
                scoring.add(text, Set.of());
                refusals.add(new EvalReport.Refusal(text.place(), e.code() + ": " + e.getMessage()));
            }
        }
        double seconds = time.toNanos() / NANOS_PER_SECOND;
        double textsPerSecond = outcomes.size() / seconds;
        return new Evaluation(
                scoring, new EvalReport.Run(seconds, textsPerSecond, refusals.size(), refusals, truncated));
    }

    private static Set<Span> spans(Extraction extraction) {
        return extraction.entities().stream()
                .map(entity -> new Span(entity.start(), entity.end(), entity.label()))
                .collect(Collectors.toUnmodifiableSet());
    }
}
