package io.nuner.engine.onnx;

import io.nuner.engine.EngineProvider;
import io.nuner.engine.ModelGraphs;
import io.nuner.engine.testing.EngineCompatibilityKit;
import io.nuner.engine.testing.FakeGraphs;
import io.nuner.model.ModelException;
import io.nuner.model.NerModel;
import io.nuner.model.WeightType;
import io.nuner.model.testing.Fixtures;
import io.nuner.model.testing.WeightsFormat;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OnnxEngineCompatibilityTest extends EngineCompatibilityKit {
    private ModelGraphs graphs = FakeGraphs.named("none");

    @BeforeAll
    void export(@TempDir Path modelDirectory) throws ModelException {
        graphs = model(modelDirectory).graphs();
    }

    /** Exports the model. */
    NerModel model(Path directory) throws ModelException {
        return ExportedFixture.of(fixture(), WeightsFormat.SAFETENSORS, weights(), directory)
                .model();
    }

    /** The model the engine runs. */
    Fixtures fixture() {
        return Fixtures.MARKER_V0_W3;
    }

    /** What it is exported with. */
    WeightType weights() {
        return WeightType.FLOAT32;
    }

    @Override
    protected EngineProvider provider() {
        return new OnnxEngineProvider();
    }

    @Override
    protected ModelGraphs graphs() {
        return graphs;
    }
}
