package io.nuner.server.attack;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.engine.EngineLimits;
import io.nuner.engine.EngineSettings;
import io.nuner.engine.onnx.OnnxEngineProvider;
import io.nuner.model.NerModel;
import io.nuner.model.export.CheckpointExporter;
import io.nuner.server.InferenceServer;
import io.nuner.server.ServedModel;
import io.nuner.server.config.ServerConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The attack in full, on the demo model. Prints what the probe saw. */
@Tag("long")
class UnreadAnswersAttackTest {
    private static final Path DEMO = Path.of("..", "model", "demo");

    @TempDir
    private Path scratch;

    @Test
    void noCallOfAnotherIsLost() throws Exception {
        CheckpointExporter.export(DEMO, scratch.resolve("exported"), (stage, done, total) -> {});
        EngineSettings settings = new EngineSettings(new EngineLimits(16, 2048, 4096, 100), 1, 0);
        try (NerModel model = NerModel.open(scratch.resolve("exported"));
                InferenceServer server = InferenceServer.start(
                        ServerConfig.builder().port(0).build(),
                        new ServedModel(model, "demo"),
                        new OnnxEngineProvider().open(model.graphs(), settings),
                        fault -> {})) {
            List<SteadyCaller.Result> results =
                    new UnreadAnswersAttack(server.port(), Duration.ofSeconds(20), System.out).run();

            assertThat(results).allSatisfy(result -> assertThat(result.lost()).isEmpty());
            assertThat(server.requestsInFlight()).isZero();
        }
    }
}
