package io.nuner.engine.trt;

import io.nuner.engine.CompileSettings;
import io.nuner.engine.CompileSettings.Precision;
import io.nuner.engine.EngineProvider;
import io.nuner.engine.EngineSettings;
import io.nuner.engine.ModelGraphs;
import io.nuner.engine.testing.EngineCompatibilityKit;
import io.nuner.engine.testing.FakeGraphs;
import io.nuner.engine.trt.testing.SmallModel;
import io.nuner.model.ModelException;
import io.nuner.model.testing.Fixtures;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole engine keeps the contract, in half precision, with everything but the GPU: typed graphs, plan store, parity gate,
 * profiles, slots, captured encoders. ONNX Runtime computes in the GPU's place.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TensorRtCompatibilityTest extends EngineCompatibilityKit {
    /** Half precision rounds: 11 bits of significand, after two layers. */
    private static final float ROUNDING = 0.02f;

    private static final List<Integer> ROW_LENGTHS = List.of(16, 32, 64, 128, 512, 1024);

    private ModelGraphs graphs = FakeGraphs.named("none");
    private Path cache = Path.of("none");

    @BeforeAll
    void export(@TempDir Path directory) throws ModelException {
        graphs = SmallModel.withShortSamples(SmallModel.graphs(Fixtures.MARKER_W1, directory), 60);
        cache = directory.resolve("cache");
    }

    @Override
    protected EngineProvider provider() {
        return new TensorRtEngineProvider(new FakeMachine(2));
    }

    @Override
    protected ModelGraphs graphs() {
        return graphs;
    }

    @Override
    protected float tolerance() {
        return ROUNDING;
    }

    @Override
    protected EngineSettings settings(int lanes) {
        CompileSettings compilation = new CompileSettings(cache, Precision.FP16, ROW_LENGTHS);
        return new EngineSettings(LIMITS, lanes, 1, Optional.of(compilation));
    }
}
