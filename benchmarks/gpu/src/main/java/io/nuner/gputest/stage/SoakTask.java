package io.nuner.gputest.stage;

import com.google.gson.JsonArray;
import io.nuner.gputest.measure.Lengths;
import io.nuner.gputest.measure.Slope;
import io.nuner.gputest.options.Options.BuildOptions;
import io.nuner.gputest.result.Measurement;
import io.nuner.model.encode.EncodedRequest;
import io.nuner.server.InferenceServer;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** S9: mixed load through a server, and once a second how much memory is in use. */
final class SoakTask implements StageTask {
    /** Before that pools and caches fill up. */
    private static final double WARM_UP_SHARE = 0.2;

    private static final double LEAST_SECONDS_FOR_AIM = 300;
    private static final double MINUTE = 60;
    private static final int CALM_EACH_SECONDS = 10;
    private static final int FEW_CALLERS = 4;

    @Override
    public void run(StageContext context) throws Exception {
        BuildOptions build = context.options().build();
        try (OpenedEngine opened = OpenedEngine.open(context)) {
            TestTexts texts = TestTexts.of(opened.model(), build.seed());
            int[] lengths = Lengths.mixed(ThroughputTask.SHORTEST, build.longestRow())
                    .draw(ThroughputTask.MIXED_TEXTS, build.seed());
            List<EncodedRequest> mixed = texts.ofLengths(lengths);
            int many = TestServer.saturatingCallers(opened.engine().limits(), build);
            try (InferenceServer server = TestServer.start(opened);
                    Callers callers = new Callers(server.port());
                    MemorySamples memory = MemorySamples.start()) {
                soak(context, callers, new Load(mixed, many), memory);
            }
        }
    }

    private static void soak(StageContext context, Callers callers, Load load, MemorySamples memory)
            throws InterruptedException {
        double soakSeconds = context.options().times().soakMinutes() * MINUTE;
        double left = context.leftSeconds();
        double seconds = soakSeconds > 0 ? soakSeconds : left;
        Slope device = new Slope();
        Slope process = new Slope();
        JsonArray series = new JsonArray();
        double start = context.elapsedSeconds();
        for (int second = 0; context.elapsedSeconds() - start < seconds; second++) {
            // a calm second in ten, so that batches of one row occur as well as full ones
            callers.call(load.texts, second % CALM_EACH_SECONDS == 0 ? FEW_CALLERS : load.callers);
            TimeUnit.SECONDS.sleep(1);
            double minutes = (context.elapsedSeconds() - start) / MINUTE;
            double deviceMib = memory.deviceMib();
            double processMib = memory.processMib();
            series.add("%.0f s: device %.0f MiB, process %.0f MiB".formatted(minutes * MINUTE, deviceMib, processMib));
            if (minutes * MINUTE >= WARM_UP_SHARE * seconds) {
                device.add(minutes, deviceMib);
                process.add(minutes, processMib);
            }
        }
        callers.stop();
        context.fact("memory", series);
        report(context, seconds, new Slopes(device, process, memory.hasDevice()));
        context.measured(Measurement.of("texts answered, tokens", (double) callers.tokens(), ""));
        context.measured(
                Measurement.of("failed calls", (double) callers.failures(), "").below(1));
    }

    private static void report(StageContext context, double seconds, Slopes slopes) {
        context.measured(Measurement.of("soak", seconds, "s"));
        if (slopes.hasDevice) {
            Measurement slope = Measurement.of("device memory", slopes.device.perUnit(), "MiB/min");
            context.measured(seconds >= LEAST_SECONDS_FOR_AIM ? slope.below(Figures.SLOPE_AIM) : slope);
        } else {
            context.note("device memory: nvidia-smi gives no samples here");
        }
        context.measured(Measurement.of("memory of the process", slopes.process.perUnit(), "MiB/min"));
        if (seconds < LEAST_SECONDS_FOR_AIM) {
            context.note("too short to judge a slope; --soak-minutes 30 is meant for that");
        }
    }

    /** Texts, and how many ask about them at once. */
    private record Load(List<EncodedRequest> texts, int callers) {}

    /** What memory did. */
    private record Slopes(Slope device, Slope process, boolean hasDevice) {}
}
