package io.nuner.engine.trt.build;

import io.nuner.engine.trt.profile.ShapeRange;
import java.nio.file.Path;
import java.util.List;

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
public record CompileRequest(
        Path graph, Path plan, Path timingCache, List<List<ShapeRange>> profiles, int device, int optimizationLevel) {
    public CompileRequest {
        profiles = profiles.stream().map(List::copyOf).toList();
    }
}
