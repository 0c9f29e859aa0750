package io.nuner.gputest.stage;

import io.nuner.engine.EngineException;
import io.nuner.engine.EngineLane;
import io.nuner.engine.PackedBatch;
import io.nuner.engine.TokenRow;
import io.nuner.gputest.measure.Samples;
import io.nuner.gputest.options.Options.BuildOptions;
import io.nuner.gputest.result.Measurement;
import java.util.Arrays;
import java.util.List;

/** S6: how long one row takes through an idle engine. */
final class LatencyTask implements StageTask {
    private static final List<Integer> LENGTHS = List.of(16, 64, 128, 384);
    private static final int MOST_RUNS = 3000;
    private static final int ROWS = 16;
    private static final double WARM_UP_SHARE = 0.2;
    private static final double MOST_SECONDS = 4;

    @Override
    public void run(StageContext context) throws Exception {
        BuildOptions build = context.options().build();
        try (OpenedEngine opened = OpenedEngine.open(context);
                EngineLane lane = opened.engine().openLane()) {
            TestTexts texts = TestTexts.of(opened.model(), build.seed());
            List<Integer> lengths = LENGTHS.stream()
                    .filter(length -> length <= build.longestRow())
                    .toList();
            double seconds = Math.min(MOST_SECONDS, context.leftSeconds() / lengths.size());
            for (int length : lengths) {
                measure(context, lane, TestTexts.rows(texts.ofLength(length, ROWS)), seconds);
            }
        }
    }

    private static void measure(StageContext context, EngineLane lane, List<TokenRow> rows, double seconds)
            throws EngineException {
        millis(lane, rows, seconds * WARM_UP_SHARE);
        Samples samples = Samples.copyOf(millis(lane, rows, seconds * (1 - WARM_UP_SHARE)));
        String name = "one row of " + rows.get(0).tokenCount() + " tokens, ";
        context.measured(Measurement.of(name + "median", samples.median(), "ms"));
        context.measured(Measurement.of(name + "p99 of " + samples.count(), samples.quantile(0.99), "ms"));
    }

    /** Times of rows in turn until the time is up; of one at least. */
    private static double[] millis(EngineLane lane, List<TokenRow> rows, double seconds) throws EngineException {
        double[] millis = new double[MOST_RUNS];
        long beginNanos = System.nanoTime();
        int runs = 0;
        do {
            PackedBatch batch = PackedBatch.of(rows.subList(runs % rows.size(), runs % rows.size() + 1));
            long startNanos = System.nanoTime();
            lane.run(batch);
            millis[runs++] = (System.nanoTime() - startNanos) / 1e6;
        } while (runs < MOST_RUNS && System.nanoTime() - beginNanos < seconds * 1e9);
        return Arrays.copyOf(millis, runs);
    }
}
