package io.nuner.gputest.stage;

import com.google.gson.JsonArray;
import io.nuner.gputest.measure.Slope;
import io.nuner.gputest.options.Options.BuildOptions;
import io.nuner.gputest.result.Measurement;
import io.nuner.load.StepReport;
import io.nuner.model.encode.EncodedRequest;
import io.nuner.server.InferenceServer;
import java.util.List;

/** S9: mixed load through a server, and once a second how much memory is in use. */
final class SoakTask implements StageTask {
    /** In this part of the soak pools and caches still fill up. */
    private static final double WARM_UP_SHARE = 0.2;

    private static final double LEAST_SECONDS_FOR_AIM = 300;
    private static final double MINUTE = 60;
    private static final int FEW_CALLERS = 4;

    /** One second in ten is calm, so that batches of one row occur as well as full ones. */
    private static final double CALM_SECONDS = 1;

    private static final double BUSY_SECONDS = 9;

    @Override
    public void run(StageContext context) throws Exception {
        BuildOptions build = context.options().build();
        try (OpenedEngine opened = OpenedEngine.open(context)) {
            List<EncodedRequest> mixed =
                    TestTexts.of(opened.model(), build.seed()).mixed(build);
            int many = TestServer.saturatingCallers(opened.engine().limits(), build);
            try (InferenceServer server = TestServer.start(opened);
                    ServerCalls calls = ServerCalls.open(server.port(), build.seed());
                    MemorySamples memory = MemorySamples.start()) {
                double soakSeconds = context.options().times().soakMinutes() * MINUTE;
                Soak soak = new Soak(context, memory, soakSeconds > 0 ? soakSeconds : context.leftSeconds());
                soak.run(calls, mixed, many);
                soak.report();
            }
        }
    }

    /** One soak. The listener's thread takes samples; the rest is for the stage's thread. */
    private static final class Soak {
        private final StageContext context;
        private final MemorySamples memory;
        private final double seconds;
        private final double start;
        private final Slope device = new Slope();
        private final Slope process = new Slope();
        private final JsonArray series = new JsonArray();
        private double tokens;
        private long failures;

        Soak(StageContext context, MemorySamples memory, double seconds) {
            this.context = context;
            this.memory = memory;
            this.seconds = seconds;
            start = context.elapsedSeconds();
        }

        private double elapsed() {
            return context.elapsedSeconds() - start;
        }

        void run(ServerCalls calls, List<EncodedRequest> texts, int callers) throws InterruptedException {
            while (elapsed() < seconds) {
                double busy = Math.max(CALM_SECONDS, Math.min(BUSY_SECONDS, seconds - elapsed() - CALM_SECONDS));
                var steps =
                        List.of(ServerCalls.inFlight(FEW_CALLERS, CALM_SECONDS), ServerCalls.inFlight(callers, busy));
                for (StepReport report : calls.run(texts, 0, steps, status -> sample())) {
                    tokens += ServerCalls.tokens(report);
                    failures += ServerCalls.failures(report);
                }
            }
        }

        /** Called several times a second; takes one sample in each. */
        private synchronized void sample() {
            double now = elapsed();
            if (now < series.size() + 1) {
                return;
            }
            double deviceMib = memory.deviceMib();
            double processMib = memory.processMib();
            series.add("%.0f s: device %.0f MiB, process %.0f MiB".formatted(now, deviceMib, processMib));
            if (now >= WARM_UP_SHARE * seconds) {
                device.add(now / MINUTE, deviceMib);
                process.add(now / MINUTE, processMib);
            }
        }

        synchronized void report() {
            context.fact("memory", series);
            context.measured(Measurement.of("soak", seconds, "s"));
            if (memory.hasDevice()) {
                Measurement slope = Measurement.of("device memory", device.perUnit(), "MiB/min");
                context.measured(seconds >= LEAST_SECONDS_FOR_AIM ? slope.below(Figures.SLOPE_AIM) : slope);
            } else {
                context.note("device memory: nvidia-smi gives no samples here");
            }
            context.measured(Measurement.of("memory of the process", process.perUnit(), "MiB/min"));
            if (seconds < LEAST_SECONDS_FOR_AIM) {
                context.note("too short to judge a slope; --soak-minutes 30 is meant for that");
            }
            context.measured(Measurement.of("texts answered, tokens", Math.rint(tokens), ""));
            context.measured(
                    Measurement.of("failed calls", (double) failures, "").below(1));
        }
    }
}
