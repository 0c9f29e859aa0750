package io.nuner.eval;

import io.nuner.client.Extraction;
import io.nuner.client.ExtractionException;
import io.nuner.client.Outcome;
import io.nuner.eval.Labelled.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What one server answered about the texts of a test set. Immutable.
 *
 * @param found the entities of each text, in the order of the texts; none for a refused text
 * @param refusals the texts without an answer
 * @param truncated number of texts of which only the beginning was searched
 */
record Answers(List<Set<Span>> found, List<EvalReport.Refusal> refusals, int truncated) {
    Answers {
        found = List.copyOf(found);
        refusals = List.copyOf(refusals);
    }

    /** The answers in {@code outcomes}, of which each belongs to the text in the same place. */
    static Answers of(List<AnnotatedText> texts, List<Outcome> outcomes) {
        List<Set<Span>> found = new ArrayList<>(texts.size());
        List<EvalReport.Refusal> refusals = new ArrayList<>();
        int truncated = 0;
        for (int i = 0; i < outcomes.size(); i++) {
            try {
                Extraction extraction = outcomes.get(i).orThrow();
                found.add(spans(extraction));
                truncated += extraction.usage().getTruncated() ? 1 : 0;
            } catch (ExtractionException e) {
                found.add(Set.of());
                refusals.add(new EvalReport.Refusal(texts.get(i).place(), e.code() + ": " + e.getMessage()));
            }
        }
        return new Answers(found, refusals, truncated);
    }

    private static Set<Span> spans(Extraction extraction) {
        return extraction.entities().stream()
                .map(entity -> new Span(entity.start(), entity.end(), entity.label()))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The comparison with the annotations. */
    Scoring score(TestSet asked) {
        Scoring scoring = new Scoring(asked.labels());
        for (int i = 0; i < found.size(); i++) {
            scoring.add(asked.texts().get(i), found.get(i));
        }
        return scoring;
    }

    /** The comparison of each text with its annotations. */
    List<Scoring> scoreEach(List<AnnotatedText> texts) {
        List<Scoring> scorings = new ArrayList<>(found.size());
        for (int i = 0; i < found.size(); i++) {
            Scoring scoring = new Scoring(List.of());
            scoring.add(texts.get(i), found.get(i));
            scorings.add(scoring);
        }
        return scorings;
    }
}
