package io.nuner.engine.trt.build;

import io.nuner.engine.EngineException;

/** Compiles a graph into a plan for one GPU; takes seconds to many minutes. One thread at a time. */
@FunctionalInterface
public interface PlanCompiler {
    /**
     * Compiles one graph.
     *
     * @param progress hears in a few words what is being done, now and then
     * @throws EngineException naming the graph if it cannot be compiled
     */
    void compile(CompileRequest request, Progress progress) throws EngineException;

    /** Hears what is being done. Called by one thread at a time. */
    @FunctionalInterface
    interface Progress {
        void stage(String words);
    }
}
