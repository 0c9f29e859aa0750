package io.nuner.engine.trt.typing;

import ai.onnxruntime.OrtException;
import io.nuner.engine.EngineException;
import io.nuner.engine.PackedBatch;
import io.nuner.engine.RowLogits;
import io.nuner.model.decode.DecodeOptions;
import io.nuner.model.decode.EntitySpan;
import io.nuner.model.decode.Merging;
import io.nuner.model.decode.SpanDecoder;
import io.nuner.model.testing.FixtureCase;
import io.nuner.model.testing.Fixtures;
import io.nuner.model.text.Words;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;

/** A model, the texts it is asked, and its float32 answers. Immutable. */
record Subject(TypedModel model, List<FixtureCase> cases, List<RowLogits> exact) {
    /** The server's defaults, but for merging: it joins entities across words that rounding decides. */
    private static final DecodeOptions OPTIONS = new DecodeOptions(0.5f, false, true, Merging.NONE);

    private static final int LONGEST_IN_BATCH = 200; // attention on rows padded to the longest takes seconds

    /** With the texts of a fixture that are not blank nor too long, by length. */
    static Subject of(TypedModel model, Fixtures fixture) throws OrtException, EngineException {
        List<FixtureCase> cases = fixture.cases().stream()
                .filter(example -> !example.isBlank())
                .filter(example ->
                        tokens(model, example) <= model.model().graphs().maxRowTokens())
                .sorted(Comparator.comparingInt(example -> tokens(model, example)))
                .toList();
        return new Subject(model, cases, scores(model, cases, model.exported()));
    }

    private static int tokens(TypedModel model, FixtureCase example) {
        return model.batch(List.of(example)).tokenCount();
    }

    private static int batched(TypedModel model, List<FixtureCase> sorted) {
        return (int) sorted.stream()
                .takeWhile(example -> tokens(model, example) <= LONGEST_IN_BATCH)
                .count();
    }

    /** Differences of all scores. */
    ScoreComparison compare(List<RowLogits> half) {
        ScoreComparison comparison = new ScoreComparison();
        for (int i = 0; i < exact.size(); i++) {
            comparison.add(exact.get(i), half.get(i));
        }
        return comparison;
    }

    /** Scores of each text alone, then of all but the longest in one batch. */
    List<RowLogits> scores(TypedModel.GraphPair graphs) throws OrtException, EngineException {
        return scores(model, cases, graphs);
    }

    private static List<RowLogits> scores(TypedModel model, List<FixtureCase> cases, TypedModel.GraphPair graphs)
            throws OrtException, EngineException {
        List<RowLogits> scores = new ArrayList<>();
        try (GraphRun run = new GraphRun(graphs, model.model().graphs().maxWidth())) {
            for (FixtureCase example : cases) {
                PackedBatch alone = model.batch(List.of(example));
                scores.add(run.run(alone).logits().takeRow(0));
            }
            GraphRun.Scores together = run.run(model.batch(cases.subList(0, batched(model, cases))));
            for (int row = 0; row < batched(model, cases); row++) {
                scores.add(together.logits().takeRow(row));
            }
        }
        return scores;
    }

    /** The float32 entities that no change of a probability by half the margin touches. */
    List<List<EntitySpan>> decidedEntities(double margin) {
        return decidedEntities(exact, margin);
    }

    /** Other scores' entities at the words where {@link #decidedEntities(double)} looks. */
    List<List<EntitySpan>> decidedEntities(List<RowLogits> logits, double margin) {
        List<List<EntitySpan>> entities = new ArrayList<>();
        for (int i = 0; i < logits.size(); i++) {
            Words words = model.words(cases.get(i % cases.size()));
            BitSet starts = new BitSet();
            DecidedWords.of(exact.get(i), OPTIONS.threshold(), margin).stream()
                    .forEach(word -> starts.set(words.start(word)));
            entities.add(SpanDecoder.decode(logits.get(i), words, OPTIONS).stream()
                    .filter(entity -> starts.get(entity.start()))
                    .map(entity -> new EntitySpan(entity.start(), entity.end(), entity.label(), 0))
                    .toList());
        }
        return entities;
    }
}
