package io.nuner.engine.trt.plan;

import io.nuner.engine.EngineException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Builds plans of a few bytes and counts them. One thread at a time. */
final class CountedBuild implements PlanStore.Build {
    static final String ENCODER = "encoder, as if compiled";
    private int count;

    @Override
    public Map<String, Double> build(Path directory) throws EngineException {
        count++;
        write(directory);
        return Map.of("encoder", 1.5, "head", 0.5);
    }

    static void write(Path directory) {
        try {
            Files.writeString(directory.resolve(StoredPlan.ENCODER), ENCODER);
            Files.writeString(directory.resolve(StoredPlan.HEAD), "head");
            Files.writeString(directory.resolve(StoredPlan.GOLDEN), "golden");
            Files.createDirectories(directory.resolve("typed"));
            Files.writeString(directory.resolve("typed/encoder.onnx"), "no part of a plan");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int count() {
        return count;
    }
}
