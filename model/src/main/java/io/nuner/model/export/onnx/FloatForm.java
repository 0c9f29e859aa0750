package io.nuner.model.export.onnx;

import io.nuner.model.export.onnx.GraphBuilder.Value;
import java.io.IOException;

/** Matrices as float32, {@code [out, in]} as torch stores them. */
final class FloatForm implements WeightForm {
    private final Operators ops;

    FloatForm(Operators ops) {
        this.ops = ops;
    }

    @Override
    public Linear linear(String name, Matrix weight) throws IOException {
        Value values = ops.graph().weight(name, weight.floats());
        return x -> ops.gemm(x, values);
    }

    @Override
    public Linear linear(String name, Matrix weight, String biasName, Weights bias) throws IOException {
        Value values = ops.graph().weight(name, weight.floats());
        Value added = ops.graph().weight(biasName, bias);
        return x -> ops.gemm(x, values, added);
    }

    @Override
    public Value rows(String name, Matrix table, Value indices) throws IOException {
        return ops.gather(ops.graph().weight(name, table.floats()), indices, 0);
    }
}
