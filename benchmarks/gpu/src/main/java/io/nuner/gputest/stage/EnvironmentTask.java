package io.nuner.gputest.stage;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.nuner.engine.EngineProvider;
import io.nuner.engine.EngineProvider.Availability;
import io.nuner.files.Sha256;
import io.nuner.gputest.result.Measurement;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** S0: the machine, its device, the libraries, and whether the engine can run. */
final class EnvironmentTask implements StageTask {
    private static final double MIB = 1 << 20;

    @Override
    public void run(StageContext context) throws Exception {
        machine(context);
        device(context);
        Optional<Path> libraries = context.options().libraries();
        if (libraries.isPresent()) {
            libraries(context, libraries.get());
        } else {
            context.note("no --libs: the libraries are those of the system");
        }
        engine(context);
    }

    private static void machine(StageContext context) throws IOException {
        context.fact(
                "system",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"));
        context.fact("distribution", firstLine(Path.of("/etc/os-release"), "PRETTY_NAME="));
        context.fact("processor", firstLine(Path.of("/proc/cpuinfo"), "model name"));
        context.fact("memory", firstLine(Path.of("/proc/meminfo"), "MemTotal:"));
        context.fact("java", System.getProperty("java.runtime.version"));
        context.measured(Measurement.of("processors", Runtime.getRuntime().availableProcessors(), ""));
    }

    private static String firstLine(Path file, String prefix) throws IOException {
        if (!Files.isReadable(file)) {
            return "unknown";
        }
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(prefix))
                    .map(line -> line.substring(prefix.length()).replaceFirst("^[\\s:=]+", ""))
                    .findFirst()
                    .orElse("unknown");
        }
    }

    private static void device(StageContext context) throws InterruptedException {
        try {
            context.fact("gpu", NvidiaSmi.describe());
        } catch (IOException e) {
            context.fact("gpu", "unknown");
            context.note("nvidia-smi: " + e.getMessage());
        }
    }

    private static void libraries(StageContext context, Path directory) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(directory)) {
            files = all.filter(file -> file.getFileName().toString().contains(".so"))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        }
        List<JsonObject> described =
                files.parallelStream().map(EnvironmentTask::library).toList();
        JsonArray json = new JsonArray();
        described.forEach(json::add);
        context.fact("libraries", json);
        long bytes = described.stream()
                .mapToLong(file -> file.get("bytes").getAsLong())
                .sum();
        context.measured(Measurement.of("size of " + files.size() + " libraries", bytes / MIB, "MiB"));
    }

    /** Name, size and digest of a native library. */
    private static JsonObject library(Path file) {
        JsonObject json = new JsonObject();
        json.addProperty("name", file.getFileName().toString());
        try {
            json.addProperty("bytes", Files.size(file));
            json.addProperty("sha256", sha256(file));
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read: " + e.getMessage(), e);
        }
        return json;
    }

    private static String sha256(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return new Sha256().copy(in, OutputStream.nullOutputStream()).hex();
        }
    }

    private static void engine(StageContext context) throws IOException {
        EngineProvider provider = OpenedEngine.provider(context.options().engine());
        Availability availability = provider.availability();
        context.note(provider.name() + ": " + availability.reason());
        if (!availability.usable()) {
            throw new IOException(provider.name() + " cannot be used: " + availability.reason());
        }
    }
}
