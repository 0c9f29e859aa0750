package io.nuner.engine.onnx;

import io.nuner.engine.EngineException;
import io.nuner.engine.EngineProvider;
import io.nuner.engine.EngineSettings;
import io.nuner.engine.InferenceEngine;
import io.nuner.engine.ModelGraphs;

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
        if (CommandLineLength.endsTheProcess()) {
            return new Availability(
                    false,
                    "ONNX Runtime ends a process whose command line is longer than 4096 bytes; put a long class path into"
                            + " the variable CLASSPATH");
        }
        try {
            String version = LastingEnvironment.get().getVersion();
            return new Availability(true, "ONNX Runtime " + version + " runs on this CPU");
        } catch (LinkageError | IllegalStateException e) {
            return new Availability(false, "ONNX Runtime's native library does not load on this machine");
        }
    }

    @Override
    public InferenceEngine open(ModelGraphs graphs, EngineSettings settings) throws EngineException {
        return OnnxEngine.open(graphs, settings);
    }
}
