package io.nuner.engine.trt.execution;

import io.nuner.engine.EngineException;
import io.nuner.engine.EngineProvider;
import io.nuner.engine.EngineSettings;
import io.nuner.engine.InferenceEngine;
import io.nuner.engine.ModelGraphs;
import io.nuner.engine.testing.EngineCompatibilityKit;
import io.nuner.engine.trt.device.DeviceException;
import io.nuner.engine.trt.testing.ExportedModel;
import io.nuner.engine.trt.testing.FakeDeviceLayer;
import io.nuner.engine.trt.testing.FakeGpuEngine;
import io.nuner.model.ModelException;
import io.nuner.model.testing.Fixtures;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Slots, cells, captured encoders and heads keep the engine contract, with ONNX Runtime in place of a GPU. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TensorRtCompatibilityTest extends EngineCompatibilityKit {
    private ModelGraphs graphs = new ModelGraphs(Path.of("none"), Path.of("none"), 1, 1, 1, "", List.of());

    @BeforeAll
    void export(@TempDir Path directory) throws ModelException {
        graphs = ExportedModel.graphs(Fixtures.MARKER_V0_W3, directory);
    }

    @Override
    protected EngineProvider provider() {
        return new FakeGpuProvider();
    }

    @Override
    protected ModelGraphs graphs() {
        return graphs;
    }

    private static final class FakeGpuProvider implements EngineProvider {
        @Override
        public String name() {
            return "tensorrt";
        }

        @Override
        public int preference() {
            return 0;
        }

        @Override
        public Availability availability() {
            return new Availability(true, "a fake GPU runs everywhere");
        }

        @Override
        public InferenceEngine open(ModelGraphs opened, EngineSettings settings) throws EngineException {
            FakeGpuEngine gpu = new FakeGpuEngine(
                    new FakeDeviceLayer(2),
                    FakeGpuEngine.cells(settings.limits().within(opened)),
                    settings.lanes(),
                    CaptureSizes.DEFAULT_MAX_TOKENS);
            try {
                return gpu.open(opened, ExportedModel.HIDDEN_SIZE);
            } catch (DeviceException e) {
                throw DeviceFailures.whileOpening("the fake GPU", e);
            }
        }
    }
}
