package io.nuner.engine.trt.device;

import io.nuner.engine.EngineException;
import io.nuner.engine.trt.profile.ShapeRange;
import java.nio.file.Path;
import java.util.List;

/** Compiles a graph into a plan for one GPU; takes seconds to many minutes. One thread at a time. */
@FunctionalInterface
public interface PlanCompiler {
    /**
     * Compiles one graph.
     *
     * @param progress told now and then, in a few words, what is being done
     * @throws EngineException naming the graph if it cannot be compiled
     */
    void compile(Request request, Progress progress) throws EngineException;

    /** Is told what is being done. Called by one thread at a time. */
    @FunctionalInterface
    interface Progress {
        void stage(String words);
    }

    /**
     * What to compile. Immutable.
     *
     * @param graph ONNX file; its weights lie in a file beside it. TensorRT takes every tensor's type from it
     * @param plan file to write; must not exist
     * @param timingCache measurements of kernels, read if it is there and written anew; belongs to one TensorRT version and GPU
     * @param profiles shapes of all inputs, for each optimization profile
     * @param device index of the GPU
     * @param optimizationLevel effort of the builder, 0 to 5
     */
    record Request(
            Path graph,
            Path plan,
            Path timingCache,
            List<List<ShapeRange>> profiles,
            int device,
            int optimizationLevel) {
        public Request {
            profiles = profiles.stream().map(List::copyOf).toList();
        }
    }
}
