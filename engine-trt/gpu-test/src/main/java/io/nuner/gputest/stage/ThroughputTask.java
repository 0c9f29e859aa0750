package io.nuner.gputest.stage;

import io.nuner.engine.EngineException;
import io.nuner.engine.EngineLane;
import io.nuner.engine.PackedBatch;
import io.nuner.engine.TokenRow;
import io.nuner.gputest.measure.Flops;
import io.nuner.gputest.measure.Lengths;
import io.nuner.gputest.measure.Samples;
import io.nuner.gputest.measure.Windows;
import io.nuner.gputest.options.Options.BuildOptions;
import io.nuner.gputest.options.Stage;
import io.nuner.gputest.result.Measurement;
import java.util.List;

/** S5: tokens per second through the engine alone, without padding in the count. */
final class ThroughputTask implements StageTask {
    private static final int BATCHES = 4;
    static final int MIXED_TEXTS = 2048;
    static final int SHORTEST = 24;

    @Override
    public void run(StageContext context) throws Exception {
        BuildOptions build = context.options().build();
        try (OpenedEngine opened = OpenedEngine.open(context)) {
            context.measured(Measurement.of("opened", context.elapsedSeconds(), "s"));
            if (context.found(Stage.PEAK, Figures.PEAK).isEmpty()) {
                context.note("no share of the peak: S4 did not measure one");
            }
            TestTexts texts = TestTexts.of(opened.model(), build.seed());
            List<EngineLane> lanes = opened.openLanes();
            measure(context, texts, opened, lanes);
            lanes.forEach(EngineLane::close);
        }
    }

    private static void measure(StageContext context, TestTexts texts, OpenedEngine opened, List<EngineLane> lanes)
            throws Exception {
        BuildOptions build = context.options().build();
        int measurements = (build.profiles().size() + 1) * (lanes.size() > 1 ? 2 : 1);
        Windows windows = Windows.within(context.leftSeconds(), measurements);
        context.fact("windows", windows.toString());
        for (int length : build.profiles()) {
            List<PackedBatch> batches = Batches.full(texts, length, build, BATCHES);
            measure(context, length, batches, new Run(lanes, windows));
            if (lanes.size() > 1) {
                measure(context, length, batches, new Run(lanes.subList(0, 1), windows));
            }
        }
        List<PackedBatch> mixed = mixed(texts, opened, build);
        measureMixed(context, mixed, new Run(lanes, windows));
        if (lanes.size() > 1) {
            measureMixed(context, mixed, new Run(lanes.subList(0, 1), windows));
        }
    }

    private static List<PackedBatch> mixed(TestTexts texts, OpenedEngine opened, BuildOptions build) {
        int[] lengths = Lengths.mixed(SHORTEST, build.longestRow()).draw(MIXED_TEXTS, build.seed());
        List<TokenRow> rows = TestTexts.rows(texts.ofLengths(lengths));
        return Batches.grouped(rows, opened.engine().limits(), opened.engine().cells(), build.seed());
    }

    private static void measure(StageContext context, int length, List<PackedBatch> batches, Run run)
            throws InterruptedException, EngineException {
        String name = Figures.throughput(length, run.lanes.size());
        double tokensPerSecond = run.median(batches);
        context.measured(Measurement.of(name, Math.rint(tokensPerSecond), "tokens/s"));
        Flops flops = context.options().build().shape().flops();
        boolean aimed = context.options().areAimsMeant()
                && length >= Figures.PEAK_SHARE_FROM_TOKENS
                && run.lanes.size() == context.options().build().lanes();
        Figures.shareOfPeak(context, name, tokensPerSecond * flops.perToken(length), aimed);
    }

    private static void measureMixed(StageContext context, List<PackedBatch> batches, Run run)
            throws InterruptedException, EngineException {
        String name = Figures.mixed(run.lanes.size());
        double tokensPerSecond = run.median(batches);
        context.measured(Measurement.of(name, Math.rint(tokensPerSecond), "tokens/s"));
        Flops flops = context.options().build().shape().flops();
        Figures.shareOfPeak(context, name, tokensPerSecond * Batches.flopsPerToken(batches, flops), false);
    }

    /** Lanes, and for how long they run. */
    private record Run(List<EngineLane> lanes, Windows windows) {
        double median(List<PackedBatch> batches) throws InterruptedException, EngineException {
            return Samples.copyOf(LaneRates.measure(lanes, batches, windows)).median();
        }
    }
}
