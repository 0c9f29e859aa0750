package io.nuner.model.export.onnx;

import com.google.protobuf.ByteString;
import io.nuner.model.export.onnx.GraphBuilder.Value;
import io.nuner.model.format.onnx.AttributeProto;
import io.nuner.model.format.onnx.AttributeProto.AttributeType;
import io.nuner.model.format.onnx.TensorProto.DataType;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;

/** The ONNX operators we use, with their attributes typed. One thread at a time. */
public final class Operators {
    /** The operator of a linear layer in float32. */
    static final String LINEAR = "Gemm";

    private final GraphBuilder graph;
    private final WeightForm form;

    private Operators(GraphBuilder graph, Function<Operators, WeightForm> form) {
        this.graph = graph;
        this.form = form.apply(this);
    }

    /** Adds to a graph whose matrices are float32. */
    public static Operators withFloats(GraphBuilder graph) {
        return new Operators(graph, FloatForm::new);
    }

    /**
     * Adds to a graph whose matrices are bytes.
     *
     * @param magnitudes of the inputs of all its linear layers
     */
    public static Operators withBytes(GraphBuilder graph, InputMagnitudes magnitudes) {
        return new Operators(graph, operators -> new ByteForm(operators, magnitudes));
    }

    /** The graph they are added to. */
    public GraphBuilder graph() {
        return graph;
    }

    public Value add(Value a, Value b) {
        return graph.apply("Add", List.of(a, b));
    }

    public Value subtract(Value a, Value b) {
        return graph.apply("Sub", List.of(a, b));
    }

    public Value multiply(Value a, Value b) {
        return graph.apply("Mul", List.of(a, b));
    }

    /** Quotient; whole numbers are cut towards zero. */
    public Value divide(Value a, Value b) {
        return graph.apply("Div", List.of(a, b));
    }

    public Value min(Value a, Value b) {
        return graph.apply("Min", List.of(a, b));
    }

    public Value max(Value a, Value b) {
        return graph.apply("Max", List.of(a, b));
    }

    /** True where a is less than b. */
    public Value less(Value a, Value b) {
        return graph.apply("Less", List.of(a, b));
    }

    public Value where(Value condition, Value yes, Value no) {
        return graph.apply("Where", List.of(condition, yes, no));
    }

    public Value matMul(Value a, Value b) {
        return graph.apply("MatMul", List.of(a, b));
    }

    /** The linear layer {@code x W^T}; writes its weight now. */
    public Linear linear(String name, Matrix weight) throws IOException {
        return form.linear(name, weight);
    }

    /** The linear layer {@code x W^T + b}; writes its weights now. */
    public Linear linear(String name, Matrix weight, String biasName, Weights bias) throws IOException {
        return form.linear(name, weight, biasName, bias);
    }

    /** The rows of a table that the indices name; writes the table now. */
    public Value rows(String name, Matrix table, Value indices) throws IOException {
        return form.rows(name, table, indices);
    }

    /** {@code x W^T}, or {@code x W^T + b}, for a weight {@code [out, in]}. */
    Value gemm(Value... inputs) {
        return graph.apply(LINEAR, List.of(inputs), integer("transB", 1));
    }

    /** Layer norm over the last axis. */
    public Value layerNorm(Value x, Value scale, Value bias, float epsilon) {
        AttributeProto eps = AttributeProto.newBuilder()
                .setName("epsilon")
                .setType(AttributeType.FLOAT)
                .setF(epsilon)
                .build();
        return graph.apply("LayerNormalization", List.of(x, scale, bias), integer("axis", -1), eps);
    }

    /** The exact form, with erf. */
    public Value gelu(Value x) {
        return graph.apply("Gelu", List.of(x));
    }

    public Value relu(Value x) {
        return graph.apply("Relu", List.of(x));
    }

    /** Softmax over the last axis. */
    public Value softmax(Value x) {
        return graph.apply("Softmax", List.of(x), integer("axis", -1));
    }

    public Value gather(Value x, Value indices, int axis) {
        return graph.apply("Gather", List.of(x, indices), integer("axis", axis));
    }

    /** 0 keeps a dimension, -1 takes what is left. */
    public Value reshape(Value x, long... shape) {
        return reshape(x, graph.longs(shape));
    }

    /** A shape that is computed when the graph runs. */
    public Value reshape(Value x, Value shape) {
        return graph.apply("Reshape", List.of(x, shape));
    }

    public Value transpose(Value x, long... permutation) {
        return graph.apply("Transpose", List.of(x), integers("perm", permutation));
    }

    public Value unsqueeze(Value x, long... axes) {
        return graph.apply("Unsqueeze", List.of(x, graph.longs(axes)));
    }

    public Value concat(int axis, Value... parts) {
        return graph.apply("Concat", List.of(parts), integer("axis", axis));
    }

    /** Elements from {@code start} to before {@code end} of one axis; both are vectors of length one. */
    public Value slice(Value x, Value start, Value end, long axis) {
        return graph.apply("Slice", List.of(x, start, end, graph.longs(axis)));
    }

    /** 0, 1, ... to before {@code count}, an int32 scalar. */
    public Value range(Value count) {
        return graph.apply("Range", List.of(graph.scalar(0), count, graph.scalar(1)));
    }

    /** The size of one axis, an int64 vector of length one. */
    public Value size(Value x, long axis) {
        return graph.apply("Shape", List.of(x), integer("start", axis), integer("end", axis + 1));
    }

    /** The size of one axis, an int32 scalar. */
    public Value sizeScalar(Value x, long axis) {
        return squeeze(toInt32(size(x, axis)));
    }

    public Value toInt32(Value x) {
        return graph.apply("Cast", List.of(x), integer("to", DataType.INT32.getNumber()));
    }

    public Value toFloat(Value x) {
        return graph.apply("Cast", List.of(x), integer("to", DataType.FLOAT.getNumber()));
    }

    public Value magnitude(Value x) {
        return graph.apply("Abs", List.of(x));
    }

    /** The largest value along the last axis, which stays, of size one. */
    public Value largest(Value x) {
        return graph.apply("ReduceMax", List.of(x, graph.longs(-1)), integer("keepdims", 1));
    }

    /** {@code x / step + zero}, rounded to the nearest whole number, the even one of two, and cut to the type of zero. */
    public Value quantize(Value x, Value step, Value zero) {
        return graph.apply("QuantizeLinear", List.of(x, step, zero));
    }

    /** {@code (x - zero) * step}. */
    public Value dequantize(Value x, Value step, Value zero) {
        return graph.apply("DequantizeLinear", List.of(x, step, zero));
    }

    /** The same with a step and a zero for each place of one axis. */
    public Value dequantize(Value x, Value steps, Value zeros, long axis) {
        return graph.apply("DequantizeLinear", List.of(x, steps, zeros), integer("axis", axis));
    }

    /** Drops the first axis, of size one. */
    public Value squeeze(Value x) {
        return graph.apply("Squeeze", List.of(x, graph.longs(0)));
    }

    /** A bidirectional LSTM over {@code [time, rows, in]}; gives {@code [time, 2, rows, hiddenSize]}. */
    public Value biLstm(List<Value> inputs, int hiddenSize) {
        AttributeProto direction = AttributeProto.newBuilder()
                .setName("direction")
                .setType(AttributeType.STRING)
                .setS(ByteString.copyFromUtf8("bidirectional"))
                .build();
        return graph.apply("LSTM", inputs, direction, integer("hidden_size", hiddenSize));
    }

    private static AttributeProto integer(String name, long value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeType.INT)
                .setI(value)
                .build();
    }

    private static AttributeProto integers(String name, long... values) {
        AttributeProto.Builder attribute =
                AttributeProto.newBuilder().setName(name).setType(AttributeType.INTS);
        for (long value : values) {
            attribute.addInts(value);
        }
        return attribute.build();
    }
}
