package io.nuner.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.engine.EngineException;
import io.nuner.engine.EngineLane;
import io.nuner.engine.EngineSettings;
import io.nuner.engine.InferenceEngine;
import io.nuner.engine.PackedBatch;
import io.nuner.engine.testing.RandomRows;
import io.nuner.model.NerModel;
import io.nuner.model.testing.Fixtures;
import io.nuner.model.testing.WeightsFormat;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program that embeds the engine and drains in a shutdown hook of its own, as programs do. */
class ShutdownTest {
    @TempDir
    private Path directory;

    @Test
    void theEngineRunsOnWhileShutdownHooksRun() throws Exception {
        ExportedFixture.of(Fixtures.MARKER_W1, WeightsFormat.SAFETENSORS, directory);
        Path exported = directory.resolve(Fixtures.MARKER_W1.name() + "-" + WeightsFormat.SAFETENSORS + "-exported");
        ProcessBuilder command = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:ErrorFile=" + directory.resolve("hs_err.log"),
                        Embedding.class.getName(),
                        exported.toString())
                .redirectErrorStream(true);
        command.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        Process process = command.start();

        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said).contains("batches while shutting down");
        assertThat(directory.resolve("hs_err.log")).doesNotExist();
    }

    /** Exits while its hook still runs batches. */
    static final class Embedding {
        private static final long DRAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

        private Embedding() {}

        public static void main(String[] words) throws Exception {
            NerModel model = NerModel.open(Path.of(words[0]));
            InferenceEngine engine = new OnnxEngineProvider()
                    .open(model.graphs(), new EngineSettings(ExportedFixture.LIMITS, 1, 1));
            EngineLane lane = engine.openLane();
            PackedBatch batch = PackedBatch.of(new RandomRows(1, model.graphs().vocabularySize()).rows(4, 20));
            lane.run(batch);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> drain(lane, batch), "drain"));
            System.exit(0);
        }

        private static void drain(EngineLane lane, PackedBatch batch) {
            long start = System.nanoTime();
            int batches = 0;
            try {
                while (System.nanoTime() - start < DRAIN_NANOS) {
                    lane.run(batch);
                    batches++;
                }
                System.out.println(batches + " batches while shutting down");
            } catch (EngineException e) {
                System.out.println(batches + " batches, then " + e.getCause());
                Runtime.getRuntime().halt(1);
            }
        }
    }
}
