package io.nuner.gputest.stage;

import io.nuner.gputest.measure.Lengths;
import io.nuner.gputest.measure.Samples;
import io.nuner.gputest.measure.Windows;
import io.nuner.gputest.options.Options.BuildOptions;
import io.nuner.gputest.options.Stage;
import io.nuner.gputest.result.Measurement;
import io.nuner.model.encode.EncodedRequest;
import io.nuner.server.InferenceServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** S7: the same texts as S5 through a server, over gRPC on the loopback interface, its callers in the same process. */
final class ServerTask implements StageTask {
    private static final int TEXTS = 1024;
    private static final double LATENCY_SHARE = 0.2;
    private static final double MOST_LATENCY_SECONDS = 5;
    private static final int ROWS = 16;
    private static final double SLEEP_SECONDS = 0.02;
    private static final double MOST_WINDOWS = 4;

    @Override
    public void run(StageContext context) throws Exception {
        BuildOptions build = context.options().build();
        try (OpenedEngine opened = OpenedEngine.open(context)) {
            TestTexts texts = TestTexts.of(opened.model(), build.seed());
            List<Load> loads = new ArrayList<>();
            var limits = opened.engine().limits();
            for (int length : build.profiles()) {
                int callers = TestServer.saturatingCallers(limits, build.lanes(), length);
                String name = Figures.throughput(length, build.lanes());
                loads.add(new Load(name, texts.ofLength(length, TEXTS), callers));
            }
            int[] lengths = Lengths.mixed(ThroughputTask.SHORTEST, build.longestRow())
                    .draw(ThroughputTask.MIXED_TEXTS, build.seed());
            loads.add(new Load(
                    Figures.mixed(build.lanes()),
                    texts.ofLengths(lengths),
                    TestServer.saturatingCallers(limits, build)));
            List<EncodedRequest> single = texts.ofLength(Math.min(build.longestRow(), Figures.END_TO_END_TOKENS), ROWS);
            try (InferenceServer server = TestServer.start(opened);
                    Callers callers = new Callers(server.port())) {
                measure(context, callers, loads, single);
            }
        }
    }

    private static void measure(StageContext context, Callers callers, List<Load> loads, List<EncodedRequest> single)
            throws InterruptedException {
        context.measured(Measurement.of("opened and started", context.elapsedSeconds(), "s"));
        callers.callOnce(single.get(0));
        double latencySeconds = Math.min(MOST_LATENCY_SECONDS, LATENCY_SHARE * context.leftSeconds());
        latency(context, callers, single, latencySeconds);
        for (int number = 0; number < loads.size(); number++) {
            Load load = loads.get(number);
            if (context.leftSeconds() <= 0) {
                context.note("no time left for " + load.name);
                continue;
            }
            Windows windows = Windows.within(context.leftSeconds(), loads.size() - number);
            context.fact("windows of " + load.name, windows.toString());
            throughput(context, callers, load, windows);
        }
        callers.stop();
        if (callers.failures() > 0) {
            context.note(callers.failures() + " calls failed, the last one so: " + callers.lastFailure());
        }
        context.measured(
                Measurement.of("failed calls", (double) callers.failures(), "").below(1));
    }

    private static void latency(StageContext context, Callers callers, List<EncodedRequest> texts, double seconds) {
        millis(callers, texts, seconds / 4);
        Samples samples = Samples.copyOf(millis(callers, texts, seconds * 3 / 4));
        String name = "one call of " + texts.get(0).row().tokenCount() + " tokens, ";
        Measurement median = Measurement.of(name + "median", samples.median(), "ms");
        context.measured(context.options().areAimsMeant() ? median.below(Figures.END_TO_END_AIM_MILLIS) : median);
        context.measured(Measurement.of(name + "p99 of " + samples.count(), samples.quantile(0.99), "ms"));
    }

    private static double[] millis(Callers callers, List<EncodedRequest> texts, double seconds) {
        Stopwatch times = new Stopwatch(LatencyTask.MOST_RUNS, seconds);
        for (int run = 0; times.goesOn(); run++) {
            EncodedRequest text = texts.get(run % texts.size());
            times.start();
            callers.callOnce(text);
            times.stop();
        }
        return times.millis();
    }

    private static void throughput(StageContext context, Callers callers, Load load, Windows windows)
            throws InterruptedException {
        callers.call(load.texts, load.callers);
        sleep(windows.warmUpSeconds());
        double[] rates = new double[windows.count()];
        for (int window = 0; window < rates.length; window++) {
            rates[window] = rate(callers, windows.seconds(), load.callers);
        }
        report(context, load, Samples.copyOf(rates).median());
    }

    private static void report(StageContext context, Load load, double tokensPerSecond) {
        context.measured(Measurement.of(load.name, Math.rint(tokensPerSecond), "tokens/s"));
        Optional<Double> engine = context.found(Stage.THROUGHPUT, load.name);
        if (engine.isPresent()) {
            Measurement share =
                    Measurement.of(load.name + ", share of the engine's", 100 * tokensPerSecond / engine.get(), "%");
            context.measured(context.options().areAimsMeant() ? share.atLeast(Figures.SERVER_SHARE_AIM) : share);
        }
    }

    /** Answers come a batch at a time, so a window goes on, but not for long, until a good part of the callers has had one. */
    private static double rate(Callers callers, double seconds, int callersNow) throws InterruptedException {
        long start = System.nanoTime();
        long tokens = callers.tokens();
        long answers = callers.answers();
        double elapsed = 0;
        do {
            sleep(Math.max(SLEEP_SECONDS, seconds - elapsed));
            elapsed = (System.nanoTime() - start) / 1e9;
        } while (callers.answers() - answers < callersNow / 2 && elapsed < MOST_WINDOWS * seconds);
        return (callers.tokens() - tokens) / elapsed;
    }

    private static void sleep(double seconds) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep((long) (seconds * 1e9));
    }

    /** Texts that callers ask about without a pause. */
    private record Load(String name, List<EncodedRequest> texts, int callers) {}
}
