package io.nuner.engine.trt.parity;

import io.nuner.engine.CompileSettings.Precision;
import io.nuner.engine.EngineDescription.ParityReport;
import io.nuner.engine.EngineException;
import io.nuner.engine.EngineLane;
import io.nuner.engine.EngineLimits;
import io.nuner.engine.Logits;
import io.nuner.engine.PackedBatch;
import io.nuner.engine.RowLogits;
import io.nuner.engine.TokenRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Lets an engine serve only if it finds what the reference finds. Immutable. Any thread.
 *
 * <p>Every row runs alone and in the fullest batches that the limits admit: padding and batch mates must make no difference.
 * Some rows run alone again: an engine may have prepared itself for their size meanwhile.
 */
public final class ParityGate {
    /** From the third time on a size may run otherwise: as a captured graph. */
    private static final int REPETITIONS = 2;

    /** One row in this many is repeated: that covers several lengths, and graphs for all rows would take time. */
    private static final int REPEATED = 4;

    private final Precision precision;
    private final Bounds bounds;

    private ParityGate(Precision precision, Bounds bounds) {
        this.precision = precision;
        this.bounds = bounds;
    }

    /** The gate for engines of a precision. */
    public static ParityGate of(Precision precision) {
        return new ParityGate(precision, Bounds.of(precision));
    }

    /**
     * Runs the golden rows on a lane and compares.
     *
     * @param limits of the lane's engine; rows beyond them must have been left out
     * @return what was measured, whether it is good enough or not; see {@link #require}
     * @throws EngineException if a run fails, or a score is NaN or infinite
     */
    public ParityReport measure(EngineLane lane, EngineLimits limits, GoldenBatch golden) throws EngineException {
        List<RowLogits> alone = new ArrayList<>();
        for (TokenRow row : golden.rows()) {
            alone.addAll(run(lane, List.of(row)));
        }
        List<RowLogits> together = new ArrayList<>();
        for (List<TokenRow> batch : batches(golden.rows(), limits)) {
            together.addAll(run(lane, batch));
        }
        return compare(golden, List.of(alone, repeated(lane, golden.rows(), alone), together));
    }

    private List<RowLogits> repeated(EngineLane lane, List<TokenRow> rows, List<RowLogits> alone)
            throws EngineException {
        List<RowLogits> last = new ArrayList<>(alone);
        for (int row = 0; row < rows.size(); row += REPEATED) {
            for (int repetition = 0; repetition < REPETITIONS; repetition++) {
                last.set(row, run(lane, List.of(rows.get(row))).get(0));
            }
        }
        return last;
    }

    private List<RowLogits> run(EngineLane lane, List<TokenRow> rows) throws EngineException {
        try {
            Logits logits = lane.run(PackedBatch.of(rows));
            List<RowLogits> taken = new ArrayList<>();
            for (int row = 0; row < rows.size(); row++) {
                taken.add(logits.takeRow(row));
            }
            return taken;
        } catch (EngineException e) {
            if (e.isFatal()) {
                throw e;
            }
            String message = "the parity gate refuses " + precision.key() + ": on a batch of " + rows.size()
                    + " rows of real text, " + e.getMessage();
            throw EngineException.cannotOpen(message, e);
        }
    }

    private static List<List<TokenRow>> batches(List<TokenRow> rows, EngineLimits limits) {
        List<List<TokenRow>> batches = new ArrayList<>();
        List<TokenRow> open = new ArrayList<>();
        int longest = 0;
        for (TokenRow row : rows) {
            if (!limits.admits(open.size(), longest, row.tokenCount())) {
                batches.add(open);
                open = new ArrayList<>();
                longest = 0;
            }
            open.add(row);
            longest = Math.max(longest, row.tokenCount());
        }
        batches.add(open);
        return batches;
    }

    /**
     * Compares answers of earlier runs.
     *
     * @param runs one or more answers to all rows, in their order
     * @throws EngineException if an answer is missing, of another shape, or holds NaN or an infinite value
     */
    ParityReport compare(GoldenBatch golden, List<List<RowLogits>> runs) throws EngineException {
        Comparison comparison = new Comparison(bounds);
        for (List<RowLogits> run : runs) {
            requireComplete(golden, run);
        }
        for (int row = 0; row < golden.rows().size(); row++) {
            int index = row;
            comparison.add(
                    golden.answers().get(row),
                    runs.stream().map(run -> run.get(index)).toList());
        }
        return comparison.report(golden.reference(), precision, golden.rows().size());
    }

    private void requireComplete(GoldenBatch golden, List<RowLogits> run) throws EngineException {
        int rows = golden.rows().size();
        if (run.size() != rows) {
            throw refusal("it answers " + run.size() + " of " + rows + " rows");
        }
        for (int row = 0; row < rows; row++) {
            RowLogits expected = golden.answers().get(row);
            RowLogits actual = run.get(row);
            boolean sameShape = actual.words() == expected.words()
                    && actual.maxWidth() == expected.maxWidth()
                    && actual.labels() == expected.labels();
            if (!sameShape || !actual.isFinite()) {
                throw refusal("its answer to row " + row + (sameShape ? " is not finite" : " has another shape"));
            }
        }
    }

    /**
     * Lets a report pass.
     *
     * @throws EngineException with the figures, if spans differ outside the margin or a score is too far off
     */
    public void require(ParityReport report) throws EngineException {
        if (report.differing() > 0 || report.maxDifference() > bounds.maxDifference()) {
            throw refusal(String.format(
                    Locale.ROOT,
                    "of %d spans in %d rows of real text, %d differ from %s by more than the margin of %s around 0.5,"
                            + " and scores by up to %.4f (%.4f for 99.9 %%), %s being allowed",
                    report.spans(),
                    report.rows(),
                    report.differing(),
                    report.reference(),
                    bounds.margin(),
                    report.maxDifference(),
                    report.p999Difference(),
                    bounds.maxDifference()));
        }
    }

    private EngineException refusal(String reason) {
        return EngineException.cannotOpen(
                "the parity gate refuses " + precision.key() + ": " + reason, new IllegalStateException(reason));
    }

    /**
     * How far scores may be from the reference's. Immutable.
     *
     * <p>Half precision moves scores by about 1e-3 (DeBERTa-v2-xlarge: 1.2e-3 at most, logits 6e-3). The margin is twenty times
     * that, so a span outside it that only one engine finds is no rounding but an error; and no single score may move by more
     * than two and a half margins, wherever it lies. bfloat16 has three bits less, eight times the rounding; its bounds are
     * wider for that, but only by two and a half, since beyond that its answers are no longer the model's.
     *
     * @param margin a span that only one engine finds does not count if its score is this close to 0.5 in both
     * @param maxDifference largest difference of any two scores
     */
    public record Bounds(double margin, double maxDifference) {
        private static final Bounds HALF = new Bounds(0.02, 0.05);
        private static final Bounds BRAIN = new Bounds(0.05, 0.125);

        /** The bounds of a precision. */
        public static Bounds of(Precision precision) {
            return switch (precision) {
                case FP16 -> HALF;
                case BF16 -> BRAIN;
            };
        }
    }
}
