package io.nuner.engine.trt.typing;

import java.nio.file.Path;

/**
 * A graph that was typed. Immutable.
 *
 * @param graph ONNX file; names, shapes and types of its inputs and outputs are those of the float32 graph
 * @param weights the file beside it that holds its weights
 * @param hiddenSize size of a hidden state, called H in {@link io.nuner.engine.GraphNames}
 */
public record TypedGraph(Path graph, Path weights, int hiddenSize) {
    public TypedGraph {
        if (hiddenSize < 1) {
            throw new IllegalArgumentException("hiddenSize must be positive, but is " + hiddenSize);
        }
    }
}
