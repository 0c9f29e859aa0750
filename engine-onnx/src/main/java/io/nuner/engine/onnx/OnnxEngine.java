package io.nuner.engine.onnx;

import ai.onnxruntime.OrtEnvironment;
import io.nuner.engine.EngineDescription;
import io.nuner.engine.EngineException;
import io.nuner.engine.EngineLane;
import io.nuner.engine.EngineLimits;
import io.nuner.engine.EngineSettings;
import io.nuner.engine.InferenceEngine;
import io.nuner.engine.ModelGraphs;
import io.nuner.engine.OpenLanes;
import io.nuner.engine.natives.NativeLibraryException;

/** A model on ONNX Runtime's CPU provider. Any thread; owns the sessions, which all lanes share. */
final class OnnxEngine implements InferenceEngine {
    static final String NAME = "onnx";

    private final OrtEnvironment environment;
    private final Sessions sessions;
    private final ModelGraphs graphs;
    private final EngineSettings settings;
    private final EngineLimits limits;
    private final OpenLanes openLanes;

    private OnnxEngine(OrtEnvironment environment, Sessions sessions, ModelGraphs graphs, EngineSettings settings) {
        this.environment = environment;
        this.sessions = sessions;
        this.graphs = graphs;
        this.settings = settings;
        limits = settings.limits().within(graphs);
        openLanes = new OpenLanes(settings.lanes());
    }

    static OnnxEngine open(ModelGraphs graphs, EngineSettings settings) throws EngineException {
        return open(graphs, settings, ByteProducts.here());
    }

    /** The same on a processor that multiplies bytes in a certain way. */
    static OnnxEngine open(ModelGraphs graphs, EngineSettings settings, ByteProducts products) throws EngineException {
        OrtEnvironment environment = started();
        int threads = poolThreads(settings, Runtime.getRuntime().availableProcessors());
        Sessions sessions = Sessions.open(environment, graphs, new Sessions.Processor(threads, products));
        return new OnnxEngine(environment, sessions, graphs, settings);
    }

    /** The environment, started now if it was not. */
    static OrtEnvironment started() throws EngineException {
        try {
            return OnnxLibrary.environment();
        } catch (NativeLibraryException e) {
            throw EngineException.cannotOpen(String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * Threads of a session's pool, the calling one included. All lanes share it and each brings its own thread, so it has the
     * other threads of every lane, and one more that ONNX Runtime counts for whoever calls.
     */
    static int poolThreads(EngineSettings settings, int cores) {
        int lanes = settings.lanes();
        int busy = settings.threads() > 0 ? lanes * settings.threads() : Math.max(lanes, cores);
        return busy - lanes + 1;
    }

    @Override
    public EngineDescription description() {
        return new EngineDescription(NAME, environment.getVersion(), "cpu", settings.lanes());
    }

    @Override
    public EngineLimits limits() {
        return limits;
    }

    @Override
    public EngineLane openLane() throws EngineException {
        openLanes.take();
        return new OnnxLane(this);
    }

    /** The sessions are shared: a run that holds none of their threads does not keep the new lane from running. */
    @Override
    public EngineLane replaceLane(EngineLane hung) throws EngineException {
        hung.close(); // frees no native memory, so a thread inside is not harmed
        return openLane();
    }

    OrtEnvironment environment() {
        return environment;
    }

    Sessions sessions() {
        return sessions;
    }

    ModelGraphs graphs() {
        return graphs;
    }

    void laneClosed() {
        openLanes.giveBack();
    }

    @Override
    public void close() {
        if (openLanes.close()) {
            sessions.close();
        }
    }
}
