package io.nuner.gputest.stage;

import io.nuner.engine.EngineException;
import io.nuner.engine.EngineLane;
import io.nuner.engine.PackedBatch;
import io.nuner.engine.TokenRow;
import io.nuner.gputest.measure.Samples;
import io.nuner.gputest.measure.Windows;
import io.nuner.gputest.options.Options.BuildOptions;
import io.nuner.gputest.options.Stage;
import io.nuner.gputest.result.Measurement;
import java.util.ArrayList;
import java.util.List;

/** S5: tokens per second through the engine alone, without padding in the count; first with all lanes, then with one. */
final class ThroughputTask implements StageTask {
    private static final int BATCHES = 4;

    @Override
    public void run(StageContext context) throws Exception {
        BuildOptions build = context.options().build();
        try (OpenedEngine opened = OpenedEngine.open(context)) {
            context.measured(Measurement.of("opened", context.elapsedSeconds(), "s"));
            if (context.found(Stage.PEAK, Figures.PEAK).isEmpty()) {
                context.note("no share of the peak: S4 did not measure one");
            }
            List<EngineLane> lanes = opened.openLanes();
            List<Load> loads = loads(TestTexts.of(opened.model(), build.seed()), opened, build);
            List<Run> runs = new ArrayList<>();
            loads.forEach(load -> runs.add(new Run(load, lanes)));
            if (lanes.size() > 1) {
                loads.forEach(load -> runs.add(new Run(load, lanes.subList(0, 1))));
            }
            measure(context, runs);
            lanes.forEach(EngineLane::close);
        }
    }

    private static List<Load> loads(TestTexts texts, OpenedEngine opened, BuildOptions build) {
        List<Load> loads = new ArrayList<>();
        for (int length : build.profiles()) {
            loads.add(new Load(length, Batches.full(texts, length, build, BATCHES)));
        }
        List<TokenRow> rows = TestTexts.rows(texts.mixed(build));
        var limits = opened.engine().limits();
        loads.add(new Load(0, Batches.grouped(rows, limits, opened.engine().cells(), build.seed())));
        return loads;
    }

    private static void measure(StageContext context, List<Run> runs) throws InterruptedException, EngineException {
        for (int number = 0; number < runs.size(); number++) {
            Run run = runs.get(number);
            if (context.leftSeconds() <= 0) {
                context.note("no time left for " + run.name());
                continue;
            }
            Windows windows = Windows.within(context.leftSeconds(), runs.size() - number);
            context.fact("windows of " + run.name(), windows.toString());
            double[] rates = LaneRates.measure(run.lanes, run.load.batches, windows);
            report(context, run, Samples.copyOf(rates).median());
        }
    }

    private static void report(StageContext context, Run run, double tokensPerSecond) {
        context.measured(Measurement.of(run.name(), Math.rint(tokensPerSecond), "tokens/s"));
        double flops = Batches.flopsPerToken(
                run.load.batches, context.options().build().shape().flops());
        boolean aimed = context.options().areAimsMeant()
                && run.load.length >= Figures.PEAK_SHARE_FROM_TOKENS
                && run.lanes.size() == context.options().build().lanes();
        Figures.shareOfPeak(context, run.name(), tokensPerSecond * flops, aimed);
    }

    /**
     * Batches that run again and again.
     *
     * @param length of each row; 0 if they differ
     */
    private record Load(int length, List<PackedBatch> batches) {}

    /** A load on some lanes. */
    private record Run(Load load, List<EngineLane> lanes) {
        String name() {
            return load.length == 0 ? Figures.mixed(lanes.size()) : Figures.throughput(load.length, lanes.size());
        }
    }
}
