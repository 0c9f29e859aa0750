package io.nuner.engine.onnx;

import ai.onnxruntime.OrtEnvironment;
import io.nuner.engine.EngineDescription;
import io.nuner.engine.EngineException;
import io.nuner.engine.EngineLane;
import io.nuner.engine.EngineLimits;
import io.nuner.engine.EngineSettings;
import io.nuner.engine.InferenceEngine;
import io.nuner.engine.ModelGraphs;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** A model on ONNX Runtime's CPU provider. Any thread; owns the sessions, which all lanes share. */
final class OnnxEngine implements InferenceEngine {
    static final String NAME = "onnx";

    private final OrtEnvironment environment;
    private final Sessions sessions;
    private final ModelGraphs graphs;
    private final EngineSettings settings;
    private final EngineLimits limits;
    private final AtomicInteger openLanes = new AtomicInteger();
    private final AtomicBoolean closed = new AtomicBoolean();

    private OnnxEngine(OrtEnvironment environment, Sessions sessions, ModelGraphs graphs, EngineSettings settings) {
        this.environment = environment;
        this.sessions = sessions;
        this.graphs = graphs;
        this.settings = settings;
        limits = settings.limits().within(graphs);
    }

    static OnnxEngine open(ModelGraphs graphs, EngineSettings settings) throws EngineException {
        OrtEnvironment environment = LastingEnvironment.get();
        int threads = threads(settings);
        return new OnnxEngine(environment, Sessions.open(environment, graphs, threads), graphs, settings);
    }

    private static int threads(EngineSettings settings) {
        int cores = Runtime.getRuntime().availableProcessors();
        return settings.threads() > 0 ? settings.threads() : Math.max(1, cores / settings.lanes());
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
        if (closed.get() || openLanes.incrementAndGet() > settings.lanes()) {
            openLanes.updateAndGet(open -> Math.min(open, settings.lanes()));
            throw EngineException.cannotOpen(
                    "the engine is closed or its " + settings.lanes() + " lanes are open", new IllegalStateException());
        }
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
        openLanes.decrementAndGet();
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            sessions.close();
        }
    }
}
