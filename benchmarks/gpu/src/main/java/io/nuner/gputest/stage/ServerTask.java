package io.nuner.gputest.stage;

import io.nuner.engine.EngineLimits;
import io.nuner.gputest.measure.Windows;
import io.nuner.gputest.options.Options.BuildOptions;
import io.nuner.gputest.options.Stage;
import io.nuner.gputest.result.Measurement;
import io.nuner.load.StepReport;
import io.nuner.load.StepReport.Millis;
import io.nuner.model.encode.EncodedRequest;
import io.nuner.server.InferenceServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** S7: through the server over gRPC on the loopback interface: the time of one call, then throughput beside S5's. */
final class ServerTask implements StageTask {
    private static final int TEXTS = 512;
    private static final int ROWS = 64;
    private static final double LATENCY_SHARE = 0.2;
    private static final double MOST_LATENCY_SECONDS = 5;

    @Override
    public void run(StageContext context) throws Exception {
        BuildOptions build = context.options().build();
        try (OpenedEngine opened = OpenedEngine.open(context)) {
            TestTexts texts = TestTexts.of(opened.model(), build.seed());
            List<Load> loads = loads(texts, opened.engine().limits(), build);
            List<EncodedRequest> single = texts.ofLength(Math.min(build.longestRow(), Figures.END_TO_END_TOKENS), ROWS);
            try (InferenceServer server = TestServer.start(opened);
                    ServerCalls calls = ServerCalls.open(server.port(), build.seed())) {
                context.measured(Measurement.of("opened and started", context.elapsedSeconds(), "s"));
                long failures = latency(context, calls, single) + throughput(context, calls, loads);
                context.measured(
                        Measurement.of("failed calls", (double) failures, "").below(1));
            }
        }
    }

    private static List<Load> loads(TestTexts texts, EngineLimits limits, BuildOptions build) {
        List<Load> loads = new ArrayList<>();
        for (int length : build.profiles()) {
            int callers = TestServer.saturatingCallers(limits, build.lanes(), length);
            String name = Figures.throughput(length, build.lanes());
            loads.add(new Load(name, texts.ofLength(length, TEXTS), callers));
        }
        int callers = TestServer.saturatingCallers(limits, build);
        loads.add(new Load(Figures.mixed(build.lanes()), texts.mixed(build), callers));
        return loads;
    }

    /** Returns how many calls failed. */
    private static long latency(StageContext context, ServerCalls calls, List<EncodedRequest> texts)
            throws InterruptedException {
        double seconds = Math.min(MOST_LATENCY_SECONDS, LATENCY_SHARE * context.leftSeconds());
        StepReport report = step(calls, new Load("", texts, 1), seconds / 4, seconds * 3 / 4);
        Millis millis = report.latencyMillis();
        String name = "one call of " + texts.get(0).row().tokenCount() + " tokens, ";
        Measurement median = Measurement.of(name + "median", millis.p50(), "ms");
        context.measured(context.options().areAimsMeant() ? median.below(Figures.END_TO_END_AIM_MILLIS) : median);
        context.measured(Measurement.of(name + "p99 of " + millis.count(), millis.p99(), "ms"));
        return failures(context, report);
    }

    /** Returns how many calls failed. */
    private static long throughput(StageContext context, ServerCalls calls, List<Load> loads)
            throws InterruptedException {
        long failures = 0;
        for (int number = 0; number < loads.size(); number++) {
            Load load = loads.get(number);
            if (context.leftSeconds() <= 0) {
                context.note("no time left for " + load.name);
                continue;
            }
            Windows windows = Windows.within(context.leftSeconds(), loads.size() - number);
            context.fact("windows of " + load.name, windows.toString());
            StepReport report = step(calls, load, windows.warmUpSeconds(), windows.count() * windows.seconds());
            report(context, load, ServerCalls.tokens(report) / report.rates().seconds());
            failures += failures(context, report);
        }
        return failures;
    }

    private static StepReport step(ServerCalls calls, Load load, double warmUpSeconds, double seconds)
            throws InterruptedException {
        return calls.run(load.texts, warmUpSeconds, List.of(ServerCalls.inFlight(load.callers, seconds)), status -> {})
                .get(0);
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

    private static long failures(StageContext context, StepReport report) {
        long failures = ServerCalls.failures(report);
        if (failures > 0) {
            context.note(
                    "%d calls failed: %s".formatted(failures, report.calls().statuses()));
        }
        return failures;
    }

    /** Texts that callers ask about without a pause. */
    private record Load(String name, List<EncodedRequest> texts, int callers) {}
}
