package io.nuner.gputest.stage;

import io.nuner.engine.EngineException;
import io.nuner.gputest.measure.Samples;
import io.nuner.gputest.measure.Windows;
import io.nuner.gputest.options.Stage;
import io.nuner.gputest.reference.GpuReference;
import io.nuner.gputest.reference.PaddedBatch;
import io.nuner.gputest.reference.ReferenceRun;
import io.nuner.gputest.result.Measurement;
import java.util.List;
import java.util.Optional;

/** Tokens per second of the reference's encoder, padding not counted, beside ours of S5. One thread at a time. */
final class ReferenceRates {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final String AS_IT_IS = "";
    private static final String CAPTURED = ", captured";

    private final StageContext context;
    private final List<ReferenceLoad> loads;
    private int measurementsLeft;

    ReferenceRates(StageContext context, List<ReferenceLoad> loads) {
        this.context = context;
        this.loads = loads;
    }

    void measure(ReferenceRun reference) throws EngineException {
        measurementsLeft = loads.size();
        for (ReferenceLoad load : loads) {
            beside(load, rate(load, AS_IT_IS, eager(reference, load)));
        }
    }

    /** Each load kernel by kernel, and those of one length as a captured graph too; the better one counts. */
    void measureWithGraphs(GpuReference reference) throws EngineException {
        measurementsLeft = 2 * loads.size() - 1;
        for (ReferenceLoad load : loads) {
            double best = rate(load, AS_IT_IS, eager(reference, load));
            beside(load, load.length() == 0 ? best : Math.max(best, captured(reference, load)));
        }
    }

    private double captured(GpuReference reference, ReferenceLoad load) throws EngineException {
        PaddedBatch batch = load.batches().get(0);
        try {
            reference.capture(batch);
        } catch (EngineException e) {
            measurementsLeft--;
            context.note(load.name() + " cannot be captured: " + e.getMessage());
            return 0;
        }
        return rate(load, CAPTURED, new Work(reference, number -> {
            reference.replay();
            return batch.tokens();
        }));
    }

    private static Work eager(ReferenceRun reference, ReferenceLoad load) {
        return new Work(reference, number -> {
            PaddedBatch batch = load.batches().get(number % load.batches().size());
            reference.submit(batch);
            return batch.tokens();
        });
    }

    /** Median of several windows; 0 if there was no time. */
    private double rate(ReferenceLoad load, String how, Work work) throws EngineException {
        int sharing = measurementsLeft--;
        if (context.leftSeconds() <= 0) {
            context.note("no time left for " + load.name() + how);
            return 0;
        }
        Windows windows = Windows.within(context.leftSeconds(), sharing);
        context.fact("windows of " + load.name() + how, windows.toString());
        work.rate(windows.warmUpSeconds());
        double[] rates = new double[windows.count()];
        for (int window = 0; window < rates.length; window++) {
            rates[window] = work.rate(windows.seconds());
        }
        double median = Samples.copyOf(rates).median();
        context.measured(Measurement.of(load.name() + how, Math.rint(median), "tokens/s"));
        return median;
    }

    private void beside(ReferenceLoad load, double tokensPerSecond) {
        int lanes = context.options().build().lanes();
        Optional<Double> ours = context.found(Stage.THROUGHPUT, load.nameOfOurs(lanes));
        if (ours.isEmpty()) {
            context.note("no ratio for " + load.name() + ": S5 did not measure ours");
        } else if (tokensPerSecond > 0) {
            Measurement ratio = Measurement.of(load.name() + ", ours in S5 by this", ours.get() / tokensPerSecond, "");
            context.measured(context.options().areAimsMeant() ? ratio.atLeast(1) : ratio);
        }
    }

    /** Batches one after the other, over and over. */
    private static final class Work {
        private final ReferenceRun reference;
        private final Step step;
        private int next;

        Work(ReferenceRun reference, Step step) {
            this.reference = reference;
            this.step = step;
        }

        double rate(double seconds) throws EngineException {
            long start = System.nanoTime();
            long tokens = 0;
            do {
                tokens += step.begin(next++);
            } while (System.nanoTime() - start < seconds * NANOS_PER_SECOND);
            reference.finish();
            return tokens * NANOS_PER_SECOND / (System.nanoTime() - start);
        }
    }

    /** Begins the batch of a number; gives its tokens. */
    @FunctionalInterface
    private interface Step {
        int begin(int number) throws EngineException;
    }
}
