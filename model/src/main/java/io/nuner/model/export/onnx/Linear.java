package io.nuner.model.export.onnx;

import io.nuner.model.export.onnx.GraphBuilder.Value;
import java.io.IOException;

/** A linear layer of a graph; it may be applied any number of times. */
@FunctionalInterface
public interface Linear {
    /** The layer's outputs for a two-dimensional x. */
    Value apply(Value x) throws IOException;
}
