package io.nuner.gputest.stage;

import io.nuner.engine.EngineException;
import io.nuner.engine.EngineLane;
import io.nuner.engine.EngineLimits;
import io.nuner.engine.EngineSettings;
import io.nuner.engine.InferenceEngine;
import io.nuner.engine.PackedBatch;
import io.nuner.engine.RowLogits;
import io.nuner.gputest.result.Measurement;
import io.nuner.model.encode.EncodedRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * S3: the same texts through the CPU engine in FP32 and through the engine under test. The CPU goes first and decides how many
 * texts there is time for.
 */
final class ParityTask implements StageTask {
    private static final String REFERENCE = "onnx";
    private static final int CPU_ROWS = 16;
    private static final double CPU_SHARE = 0.6;

    /** Where the engine under test is that of the CPU too, it takes as long again. */
    private static final double CPU_SHARE_IN_REHEARSAL = 0.4;

    private static final double LEAST_ABOVE = 0.3;
    private static final double MOST_ABOVE = 25;

    @Override
    public void run(StageContext context) throws Exception {
        try (OpenedEngine opened = OpenedEngine.open(context)) {
            int wanted = context.options().parityTexts();
            List<EncodedRequest> texts = TestTexts.of(
                            opened.model(), context.options().build().seed() + 1)
                    .shortTexts(wanted, context.options().build().longestRow());
            double share = context.options().isRehearsal() ? CPU_SHARE_IN_REHEARSAL : CPU_SHARE;
            double endOfCpu = context.elapsedSeconds() + share * context.leftSeconds();
            List<RowLogits> reference = reference(context, opened, texts, endOfCpu);
            context.measured(Measurement.of("texts compared", reference.size(), ""));
            if (reference.size() < wanted) {
                context.note("the CPU had time for %d of %d texts".formatted(reference.size(), wanted));
            }
            ScoreComparison comparison = new ScoreComparison();
            compare(opened.engine(), texts.subList(0, reference.size()), reference, comparison);
            report(context, comparison);
        }
    }

    private static List<RowLogits> reference(
            StageContext context, OpenedEngine opened, List<EncodedRequest> texts, double endSeconds)
            throws IOException, EngineException {
        EngineLimits limits = OpenedEngine.limits(context.options().build());
        EngineSettings settings = new EngineSettings(limits, 1, 0);
        List<RowLogits> logits = new ArrayList<>();
        try (InferenceEngine engine =
                        OpenedEngine.provider(REFERENCE).open(opened.model().graphs(), settings);
                EngineLane lane = engine.openLane()) {
            for (int from = 0; from < texts.size() && context.elapsedSeconds() < endSeconds; from += CPU_ROWS) {
                List<EncodedRequest> some = texts.subList(from, Math.min(texts.size(), from + CPU_ROWS));
                logits.addAll(run(lane, some));
            }
        }
        return logits;
    }

    private static List<RowLogits> run(EngineLane lane, List<EncodedRequest> texts) throws EngineException {
        var scores = lane.run(PackedBatch.of(TestTexts.rows(texts)));
        List<RowLogits> rows = new ArrayList<>();
        for (int row = 0; row < texts.size(); row++) {
            rows.add(scores.takeRow(row));
        }
        return rows;
    }

    /** In batches four times as large as the reference's, so that no text has the neighbours it had there. */
    private static void compare(
            InferenceEngine engine, List<EncodedRequest> texts, List<RowLogits> reference, ScoreComparison comparison)
            throws EngineException {
        int rows = Math.min(engine.limits().maxRows(), 4 * CPU_ROWS);
        try (EngineLane lane = engine.openLane()) {
            for (int from = 0; from < texts.size(); from += rows) {
                List<EncodedRequest> some = texts.subList(from, Math.min(texts.size(), from + rows));
                List<RowLogits> found = run(lane, some);
                for (int i = 0; i < some.size(); i++) {
                    comparison.add(some.get(i), reference.get(from + i), found.get(i));
                }
            }
        }
    }

    private static void report(StageContext context, ScoreComparison comparison) {
        comparison.measurements().forEach(context::measured);
        double above = comparison.percentAbove();
        if (above < LEAST_ABOVE || above > MOST_ABOVE) {
            context.note(
                    "these random weights put %.2f %% of the scores above 0.5; a few per cent are meant, so the span figures say little"
                            .formatted(above));
        }
    }
}
