package io.nuner.eval;

import io.nuner.client.Extraction;
import io.nuner.client.ExtractionClient;
import io.nuner.client.ExtractionException;
import io.nuner.client.ExtractionOptions;
import io.nuner.client.Outcome;
import io.nuner.eval.Labelled.Span;
import io.nuner.v1.GetServerInfoResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;

/**
 * What to ask a server about an annotated file, and how. Immutable.
 *
 * @param concurrency calls at a time, at most
 * @param timeout of one call, and how long a text is offered again to an overloaded server
 */
public record Evaluation(AnnotatedFile data, ExtractionOptions options, int concurrency, Duration timeout) {
    private static final double NANOS_PER_SECOND = 1e9;

    /**
     * Asks about all texts and compares the answers with the annotations.
     *
     * @param answered is told, by the calling thread, how many texts are done
     * @throws ExtractionException if the server cannot be asked any longer
     */
    public EvalReport run(ExtractionClient client, IntConsumer answered)
            throws ExtractionException, InterruptedException {
        GetServerInfoResponse info = client.serverInfo();
        TestSet asked = data.testSet();
        ManyQuestions questions = new ManyQuestions(client, asked.labels(), options, concurrency, timeout);
        long startNanos = System.nanoTime();
        List<Outcome> outcomes =
                questions.ask(asked.texts().stream().map(AnnotatedText::text).toList(), answered);
        double seconds = (System.nanoTime() - startNanos) / NANOS_PER_SECOND;
        Scoring scoring = new Scoring(asked.labels());
        EvalReport.Run run = compare(outcomes, scoring, seconds);
        return EvalReport.of(this, info, run, scoring);
    }

    /** Scores the answers; {@code outcomes[i]} belongs to {@code texts[i]}. A refused text has no entities. */
    private EvalReport.Run compare(List<Outcome> outcomes, Scoring scoring, double seconds) {
        List<EvalReport.Refusal> refusals = new ArrayList<>();
        int truncated = 0;
        for (int i = 0; i < outcomes.size(); i++) {
            AnnotatedText text = data.testSet().texts().get(i);
            try {
                Extraction extraction = outcomes.get(i).orThrow();
                scoring.add(text, spans(extraction));
                truncated += extraction.usage().getTruncated() ? 1 : 0;
            } catch (ExtractionException e) {
                scoring.add(text, Set.of());
                refusals.add(new EvalReport.Refusal(text.place(), e.code() + ": " + e.getMessage()));
            }
        }
        return new EvalReport.Run(seconds, outcomes.size() / seconds, refusals.size(), refusals, truncated);
    }

    private static Set<Span> spans(Extraction extraction) {
        return extraction.entities().stream()
                .map(entity -> new Span(entity.start(), entity.end(), entity.label()))
                .collect(Collectors.toUnmodifiableSet());
    }
}
