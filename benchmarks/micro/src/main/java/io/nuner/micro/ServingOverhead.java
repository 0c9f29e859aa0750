package io.nuner.micro;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.nuner.engine.EngineLane;
import io.nuner.engine.EngineLimits;
import io.nuner.engine.EngineSettings;
import io.nuner.engine.InferenceEngine;
import io.nuner.engine.PackedBatch;
import io.nuner.engine.onnx.OnnxEngineProvider;
import io.nuner.model.NerModel;
import io.nuner.server.InferenceServer;
import io.nuner.server.ServedModel;
import io.nuner.server.config.ServerConfig;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.NerServiceGrpc;
import io.nuner.v1.Timings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What serving costs on top of the bare engine, over loopback gRPC, client and server in one process.
 *
 * <p>Claims under test: on an idle server the median {@code Extract} takes less than 0.5 ms longer than the bare engine
 * run for the same input; at saturation the server reaches at least 95 % of the bare engine's tokens per second. Both
 * sides take turns.
 *
 * <p>Arguments: exported model, texts, rounds, seconds of each saturated phase, lanes and threads of the server's engine.
 * The bare engine has one lane of two threads.
 */
public final class ServingOverhead {
    private static final EngineLimits LIMITS = new EngineLimits(16, 2048, 4096, 100);

    private static final int WARM_UP_BLANK = 20_000;
    private static final int WARM_UP_TINY = 3_000;
    private static final long WARM_UP_NANOS = 30_000_000_000L;

    private final EngineLane lane;
    private final NerServiceGrpc.NerServiceBlockingStub client;
    private final List<ExtractRequest> requests = new ArrayList<>();
    private final List<PackedBatch> rows;
    private final List<Double> controlMicros = new ArrayList<>();
    private final List<Double> encodeMicros = new ArrayList<>();
    private final List<Double> queueMicros = new ArrayList<>();
    private final List<Double> inferenceMicros = new ArrayList<>();
    private final List<Double> decodeMicros = new ArrayList<>();

    private ServingOverhead(NerModel model, EngineLane lane, ManagedChannel channel, List<String> texts) {
        this.lane = lane;
        client = NerServiceGrpc.newBlockingStub(channel);
        rows = BenchmarkTexts.batches(model, texts, 1, texts.size());
        for (String text : texts) {
            requests.add(ExtractRequest.newBuilder()
                    .setText(text)
                    .addAllLabels(BenchmarkTexts.LABELS)
                    .build());
        }
    }

    /** Prints one JSON object. */
    public static void main(String[] args) throws Exception {
        List<String> texts = BenchmarkTexts.read(Path.of(args[1]));
        EngineSettings served = new EngineSettings(LIMITS, Integer.parseInt(args[4]), Integer.parseInt(args[5]));
        OnnxEngineProvider provider = new OnnxEngineProvider();
        try (NerModel model = NerModel.open(Path.of(args[0]));
                InferenceEngine bare = provider.open(model.graphs(), new EngineSettings(LIMITS, 1, 2));
                EngineLane lane = bare.openLane();
                InferenceServer server = InferenceServer.start(
                        ServerConfig.builder().port(0).build(),
                        new ServedModel(model, "benchmark"),
                        provider.open(model.graphs(), served),
                        fault -> {})) {
            ManagedChannel channel = Grpc.newChannelBuilder(
                            "127.0.0.1:" + server.port(), InsecureChannelCredentials.create())
                    .build();
            try {
                JsonObject report = new JsonObject();
                report.addProperty("model", model.manifest().encoder());
                report.addProperty("served_lanes", served.lanes());
                report.addProperty("served_threads", served.threads());
                new ServingOverhead(model, lane, channel, texts).measureIdle(report, Integer.parseInt(args[2]));
                new Saturation(model, lane, channel, texts).measure(report, Integer.parseInt(args[3]));
                System.out.println(
                        new GsonBuilder().setPrettyPrinting().create().toJson(report));
            } finally {
                channel.shutdownNow();
            }
        }
    }

    /** Long enough for the compiler to have seen every path often. */
    private void warmUp() {
        ExtractRequest blank = requests.get(0).toBuilder().setText(" ").build();
        for (int i = 0; i < WARM_UP_BLANK; i++) {
            client.extract(blank);
        }
        ExtractRequest tiny = ExtractRequest.newBuilder()
                .setText("Ada met Bob")
                .addLabels("person")
                .build();
        long end = System.nanoTime() + WARM_UP_NANOS;
        for (int i = 0; i < WARM_UP_TINY && System.nanoTime() - end < 0; i++) {
            client.extract(tiny);
        }
    }

    private void measureIdle(JsonObject report, int rounds) throws Exception {
        warmUp();
        List<Double> bareMicros = new ArrayList<>();
        List<Double> servedMicros = new ArrayList<>();
        List<Double> differences = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            int text = i % requests.size();
            boolean bareFirst = i % 2 == 0;
            double first = bareFirst ? timeBare(text) : timeServed(text);
            double second = bareFirst ? timeServed(text) : timeBare(text);
            double control = timeControl(text);
            if (i >= rounds / 5) { // the first fifth warms up
                controlMicros.add(control);
                bareMicros.add(bareFirst ? first : second);
                servedMicros.add(bareFirst ? second : first);
                differences.add(bareFirst ? second - first : first - second);
            }
        }
        report.addProperty("idle_pairs", differences.size());
        report.addProperty("bare_median_micros", Medians.of(bareMicros));
        report.addProperty("extract_median_micros", Medians.of(servedMicros));
        report.addProperty("blank_call_after_bare_run_median_micros", Medians.of(controlMicros));
        report.addProperty("encode_median_micros", Medians.of(encodeMicros));
        report.addProperty("queue_median_micros", Medians.of(queueMicros));
        report.addProperty("inference_median_micros", Medians.of(inferenceMicros));
        report.addProperty("decode_median_micros", Medians.of(decodeMicros));
        report.addProperty("overhead_of_medians_micros", Medians.of(servedMicros) - Medians.of(bareMicros));
        report.addProperty("overhead_paired_median_micros", Medians.of(differences));
    }

    private double timeBare(int text) throws Exception {
        long start = System.nanoTime();
        lane.run(rows.get(text));
        return (System.nanoTime() - start) / 1e3;
    }

    /** A call that needs no engine, when the weights have just swept the caches: the price of gRPC alone. */
    private double timeControl(int text) throws Exception {
        lane.run(rows.get(text));
        ExtractRequest blank = requests.get(text).toBuilder().setText(" ").build();
        long start = System.nanoTime();
        client.extract(blank);
        return (System.nanoTime() - start) / 1e3;
    }

    private double timeServed(int text) {
        long start = System.nanoTime();
        Timings timings = client.extract(requests.get(text)).getTimings();
        double micros = (System.nanoTime() - start) / 1e3;
        encodeMicros.add(timings.getEncodeNanos() / 1e3);
        queueMicros.add(timings.getQueueNanos() / 1e3);
        inferenceMicros.add(timings.getInferenceNanos() / 1e3);
        decodeMicros.add(timings.getDecodeNanos() / 1e3);
        return micros;
    }
}
