package io.nuner.gputest.stage;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.nuner.engine.EngineDescription;
import io.nuner.engine.EngineDescription.ParityReport;
import io.nuner.engine.EngineLane;
import io.nuner.gputest.options.Options;
import io.nuner.gputest.result.Measurement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** S2: the engine opens the model, which builds its plans; their sizes and kernels. */
final class BuildTask implements StageTask {
    private static final double MIB = 1 << 20;
    private static final String LAYERS = ".layers.json";

    /** Where else TensorRT can come from if this one fails, in the order to try. */
    private static final List<String> FALLBACKS = List.of(
            "(a) a full TensorRT 11 on the machine (apt, tar or NGC image), which brings builder resources for each device",
            "(b) the 10.15 bindings with the tactic source cuBLASLt, and cuBLAS 13 as torch brings it",
            "(c) the 10.6 redist, the last one on Maven Central with kernels for sm_90",
            "(d) ONNX Runtime for CUDA 13 (org.bytedeco onnxruntime, linux-x86_64-gpu)");

    @Override
    public void run(StageContext context) throws Exception {
        Options options = context.options();
        try (OpenedEngine opened = OpenedEngine.open(context)) {
            context.measured(Measurement.of("opened, plans built if there were none", context.elapsedSeconds(), "s"));
            describe(context, opened.engine().description());
            runOnce(context, opened);
        } catch (Exception e) {
            if (!options.isRehearsal()) {
                FALLBACKS.forEach(context::note);
            }
            throw e;
        } finally {
            plans(context, OpenedEngine.planCache(options));
        }
    }

    private static void describe(StageContext context, EngineDescription description) {
        context.fact(
                "engine",
                "%s %s on %s, %d lanes"
                        .formatted(
                                description.name(), description.version(), description.device(), description.lanes()));
        description.parity().ifPresent(report -> parity(context, report));
    }

    private static void parity(StageContext context, ParityReport report) {
        context.note("parity gate: " + report);
        context.measured(Measurement.of("gate: largest difference", report.maxDifference(), ""));
        context.measured(Measurement.of("gate: spans differing", report.differing(), ""));
    }

    /** Runs a batch of each profile, which opening the engine does not. */
    private static void runOnce(StageContext context, OpenedEngine opened) throws Exception {
        TestTexts texts = TestTexts.of(opened.model(), context.options().build().seed());
        try (EngineLane lane = opened.engine().openLane()) {
            for (int length : context.options().build().profiles()) {
                var batch = Batches.full(texts, length, context.options().build(), 1)
                        .get(0);
                double start = context.elapsedSeconds();
                lane.run(batch).takeRow(0);
                context.measured(
                        Measurement.of("first batch at S=" + length, 1000 * (context.elapsedSeconds() - start), "ms"));
            }
        }
    }

    private static void plans(StageContext context, Path cache) throws IOException {
        if (!Files.isDirectory(cache)) {
            return;
        }
        JsonObject facts = new JsonObject();
        KernelNames kernels = new KernelNames();
        try (Stream<Path> files = Files.walk(cache)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                String name = cache.relativize(file).toString();
                facts.addProperty(name, Files.size(file));
                if (name.endsWith(".plan")) {
                    context.measured(Measurement.of("plan " + shortened(name), Files.size(file) / MIB, "MiB"));
                } else if (name.endsWith(LAYERS)) {
                    kernels.read(file);
                } else if (name.endsWith(".json") && Files.size(file) < MIB) {
                    record(context, name, file);
                }
            }
        }
        context.fact("plan files", facts);
        kernels.report(context);
    }

    /** Keeps a record that the engine wrote of its build, and its times as figures. */
    private static void record(StageContext context, String name, Path file) throws IOException {
        try {
            JsonElement json = JsonParser.parseString(Files.readString(file));
            context.fact(name, json);
            times(context, json);
        } catch (JsonParseException e) {
            context.note(name + " is no JSON: " + e.getMessage());
        }
    }

    private static void times(StageContext context, JsonElement json) {
        if (!json.isJsonObject()) {
            return;
        }
        for (Map.Entry<String, JsonElement> member : json.getAsJsonObject().entrySet()) {
            boolean time =
                    member.getKey().endsWith(".compiling") || member.getKey().endsWith(".typing");
            if (time && member.getValue().isJsonPrimitive()) {
                context.measured(
                        Measurement.of(member.getKey(), member.getValue().getAsDouble(), "s"));
            } else {
                times(context, member.getValue());
            }
        }
    }

    private static String shortened(String name) {
        int most = 36;
        return name.length() <= most ? name : name.substring(0, 12) + "..." + name.substring(name.length() - 21);
    }
}
