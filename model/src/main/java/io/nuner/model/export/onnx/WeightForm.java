package io.nuner.model.export.onnx;

import io.nuner.model.export.onnx.GraphBuilder.Value;
import java.io.IOException;

/** The form in which a graph holds its matrices, and how it computes with them. One thread at a time. */
interface WeightForm {
    /** {@code x W^T}. */
    Linear linear(String name, Matrix weight) throws IOException;

    /** {@code x W^T + b}. */
    Linear linear(String name, Matrix weight, String biasName, Weights bias) throws IOException;

    /** The rows that the indices name, as float32. */
    Value rows(String name, Matrix table, Value indices) throws IOException;
}
