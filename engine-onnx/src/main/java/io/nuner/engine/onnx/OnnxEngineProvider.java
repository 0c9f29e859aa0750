package io.nuner.engine.onnx;

import io.nuner.engine.EngineException;
import io.nuner.engine.EngineProvider;
import io.nuner.engine.EngineSettings;
import io.nuner.engine.GraphInspection;
import io.nuner.engine.InferenceEngine;
import io.nuner.engine.ModelGraphs;
import io.nuner.engine.natives.LibraryBundle;
import io.nuner.engine.natives.NativeLibraryException;
import java.util.List;
import java.util.Optional;

/** Opens models on ONNX Runtime's CPU provider: the engine that runs everywhere. */
public final class OnnxEngineProvider implements EngineProvider {
    @Override
    public String name() {
        return OnnxEngine.NAME;
    }

    @Override
    public int preference() {
        return 10;
    }

    @Override
    public Availability availability() {
        try {
            String version = OnnxLibrary.environment().getVersion();
            return new Availability(
                    true,
                    "ONNX Runtime " + version + " runs on this CPU, "
                            + ByteProducts.here().words());
        } catch (NativeLibraryException e) {
            return new Availability(false, String.valueOf(e.getMessage()));
        } catch (LinkageError | IllegalStateException e) {
            return new Availability(false, "ONNX Runtime does not start on this machine: " + e.getMessage());
        }
    }

    @Override
    public List<LibraryBundle> libraries() throws NativeLibraryException {
        return List.of(OnnxLibrary.bundle());
    }

    @Override
    public InferenceEngine open(ModelGraphs graphs, EngineSettings settings) throws EngineException {
        return OnnxEngine.open(graphs, settings);
    }

    @Override
    public Optional<GraphInspection> inspection() {
        return Optional.of(new OnnxInspection());
    }
}
