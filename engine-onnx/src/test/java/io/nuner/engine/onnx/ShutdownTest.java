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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program that embeds the engine and drains in a shutdown hook of its own, as programs do. */
class ShutdownTest {
    @TempDir
    private Path directory;

    @Test
    void theEngineRunsOnWhileShutdownHooksRun() throws Exception {
        Path exported = ExportedFixture.of(Fixtures.MARKER_W1, WeightsFormat.SAFETENSORS, directory)
                .directory();
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
        assertThat(said).contains("all batches ran while shutting down");
        assertThat(directory.resolve("hs_err.log")).doesNotExist();
    }

    /** Exits while its hook still runs batches: each larger than the one before, so that the engine asks for more memory. */
    static final class Embedding {
        private static final int LARGEST = 24;

        private Embedding() {}

        public static void main(String[] words) throws Exception {
            NerModel model = NerModel.open(Path.of(words[0]));
            InferenceEngine engine =
                    new OnnxEngineProvider().open(model.graphs(), new EngineSettings(ExportedFixture.LIMITS, 1, 1));
            EngineLane lane = engine.openLane();
            RandomRows rows = new RandomRows(1, model.graphs().vocabularySize());
            lane.run(PackedBatch.of(rows.rows(1, 20)));
            Runtime.getRuntime().addShutdownHook(new Thread(() -> drain(lane, rows), "drain"));
            System.exit(0);
        }

        private static void drain(EngineLane lane, RandomRows rows) {
            try {
                for (int count = 1; count <= LARGEST; count++) {
                    lane.run(PackedBatch.of(rows.rows(count, 60)));
                }
                System.out.println("all batches ran while shutting down");
            } catch (EngineException e) {
                System.out.println(e + " because of " + e.getCause());
                Runtime.getRuntime().halt(1);
            }
        }
    }
}
