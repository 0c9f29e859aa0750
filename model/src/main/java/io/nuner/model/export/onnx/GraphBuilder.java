package io.nuner.model.export.onnx;

import io.nuner.model.format.onnx.AttributeProto;
import io.nuner.model.format.onnx.GraphProto;
import io.nuner.model.format.onnx.ModelProto;
import io.nuner.model.format.onnx.NodeProto;
import io.nuner.model.format.onnx.OperatorSetIdProto;
import io.nuner.model.format.onnx.TensorProto;
import io.nuner.model.format.onnx.TensorProto.DataType;
import io.nuner.model.format.onnx.TensorShapeProto;
import io.nuner.model.format.onnx.TypeProto;
import io.nuner.model.format.onnx.ValueInfoProto;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An ONNX graph under construction: standard operators only, operator set 20. One thread at a time.
 *
 * <p>Values get readable names: the scope they were made in, the operator, a number.
 */
public final class GraphBuilder {
    private static final int OPERATOR_SET = 20;
    private static final int IR_VERSION = 9; // of ONNX 1.15, the first with operator set 20

    private final GraphProto.Builder graph = GraphProto.newBuilder();
    private final WeightFile weights;
    private final Map<String, Integer> namesakes = new HashMap<>();
    private String scope = "";

    /** A graph whose weights go to the given file, which the caller closes. */
    public GraphBuilder(String name, WeightFile weights) {
        graph.setName(name);
        this.weights = weights;
    }

    /** Sets the scope: the part of the model that later values are named after. */
    public void enter(String newScope) {
        scope = newScope + "/";
    }

    /** What a value or weight of that name is called if it is the first one in the scope. */
    String inScope(String name) {
        return scope + name;
    }

    /** A whole-number input, int32. */
    public Value intInput(String name, Axis... shape) {
        graph.addInput(declare(name, DataType.INT32, shape));
        return new Value(name);
    }

    /** A float32 input. */
    public Value floatInput(String name, Axis... shape) {
        graph.addInput(declare(name, DataType.FLOAT, shape));
        return new Value(name);
    }

    /** Makes a value a float32 output of the graph. */
    public void floatOutput(String name, Value value, Axis... shape) {
        graph.addNode(NodeProto.newBuilder()
                .setOpType("Identity")
                .setName(name)
                .addInput(value.name())
                .addOutput(name));
        graph.addOutput(declare(name, DataType.FLOAT, shape));
    }

    /** Weights, streamed to the weight file now. */
    public Value weight(String name, Weights values) throws IOException {
        String unique = unique(name);
        graph.addInitializer(weights.append(unique, values));
        return new Value(unique);
    }

    /** An int64 vector inside the graph file, for shapes and axes. */
    public Value longs(long... values) {
        TensorProto.Builder tensor = constant(DataType.INT64).addDims(values.length);
        for (long value : values) {
            tensor.addInt64Data(value);
        }
        return add(tensor);
    }

    /** An int32 vector inside the graph file. */
    public Value ints(int... values) {
        TensorProto.Builder tensor = constant(DataType.INT32).addDims(values.length);
        for (int value : values) {
            tensor.addInt32Data(value);
        }
        return add(tensor);
    }

    /** An int32 scalar inside the graph file. */
    public Value scalar(int value) {
        return add(constant(DataType.INT32).addInt32Data(value));
    }

    /** An unsigned byte inside the graph file. */
    public Value byteScalar(int value) {
        return add(constant(DataType.UINT8).addInt32Data(value));
    }

    /** A float32 scalar inside the graph file. */
    public Value scalar(float value) {
        return add(constant(DataType.FLOAT).addFloatData(value));
    }

    /** Applies an operator with one output. */
    public Value apply(String operator, List<Value> inputs, AttributeProto... attributes) {
        Value result = new Value(unique(operator));
        NodeProto.Builder node = NodeProto.newBuilder()
                .setOpType(operator)
                .setName(result.name())
                .addOutput(result.name())
                .addAllAttribute(List.of(attributes));
        inputs.forEach(input -> node.addInput(input.name()));
        graph.addNode(node);
        return result;
    }

    /** Writes the graph; weights lie in the weight file. */
    public void writeTo(Path file) throws IOException {
        ModelProto model = ModelProto.newBuilder()
                .setIrVersion(IR_VERSION)
                .setProducerName("nuner")
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPERATOR_SET))
                .setGraph(graph)
                .build();
        try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW)) {
            model.writeTo(out);
        }
    }

    private TensorProto.Builder constant(DataType type) {
        return TensorProto.newBuilder().setName(unique("constant")).setDataType(type.getNumber());
    }

    private Value add(TensorProto.Builder tensor) {
        graph.addInitializer(tensor);
        return new Value(tensor.getName());
    }

    private String unique(String name) {
        String first = inScope(name);
        int number = namesakes.merge(first, 1, Integer::sum);
        return number == 1 ? first : first + "_" + number;
    }

    /** A graph's input or output. */
    static ValueInfoProto declare(String name, DataType type, Axis... shape) {
        TensorShapeProto.Builder dimensions = TensorShapeProto.newBuilder();
        for (Axis axis : shape) {
            dimensions.addDim(axis.proto());
        }
        TypeProto.Tensor tensor = TypeProto.Tensor.newBuilder()
                .setElemType(type.getNumber())
                .setShape(dimensions)
                .build();
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder().setTensorType(tensor))
                .build();
    }

    /** A tensor inside a graph, known by its name. Immutable. */
    public record Value(String name) {}

    /** One dimension of a graph's input or output: a size, or a name for a size known only when it runs. Immutable. */
    public record Axis(String name, long size) {
        /** A dimension that every run may choose. */
        public static Axis free(String name) {
            return new Axis(name, -1);
        }

        /** A dimension that never changes. */
        public static Axis fixed(long size) {
            return new Axis("", size);
        }

        TensorShapeProto.Dimension proto() {
            TensorShapeProto.Dimension.Builder dimension = TensorShapeProto.Dimension.newBuilder();
            return size < 0
                    ? dimension.setDimParam(name).build()
                    : dimension.setDimValue(size).build();
        }
    }
}
