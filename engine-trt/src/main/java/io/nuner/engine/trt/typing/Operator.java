package io.nuner.engine.trt.typing;

import io.nuner.model.format.onnx.NodeProto;
import io.nuner.model.format.onnx.TensorProto.DataType;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The operators that an exported graph may consist of: the rule table of docs/adr/0014. */
enum Operator {
    MAT_MUL("MatMul", Signature.ALIKE, Computation.HALF),
    GEMM("Gemm", Signature.ALIKE, Computation.HALF),
    GELU("Gelu", Signature.ALIKE, Computation.HALF),

    LAYER_NORM("LayerNormalization", Signature.ALIKE, Computation.FLOAT_THEN_HALF),

    ADD("Add", Signature.ALIKE, Computation.FLOAT),
    SUBTRACT("Sub", Signature.ALIKE, Computation.FLOAT),
    MULTIPLY("Mul", Signature.ALIKE, Computation.FLOAT),
    DIVIDE("Div", Signature.ALIKE, Computation.FLOAT),
    SOFTMAX("Softmax", Signature.ALIKE, Computation.FLOAT),
    LSTM("LSTM", Signature.RECURRENCE, Computation.FLOAT),
    LESS("Less", Signature.COMPARISON, Computation.FLOAT),
    RANGE("Range", Signature.ALIKE, Computation.FLOAT),
    CAST("Cast", Signature.CONVERSION, Computation.FLOAT),

    RELU("Relu", Signature.ALIKE, Computation.CARRY),
    MIN("Min", Signature.ALIKE, Computation.CARRY),
    MAX("Max", Signature.ALIKE, Computation.CARRY),
    WHERE("Where", Signature.SELECTION, Computation.CARRY),
    CONCAT("Concat", Signature.ALIKE, Computation.CARRY),
    GATHER("Gather", Signature.INDEXED, Computation.CARRY),
    GATHER_ELEMENTS("GatherElements", Signature.INDEXED, Computation.CARRY),
    EXPAND("Expand", Signature.INDEXED, Computation.CARRY),
    TILE("Tile", Signature.INDEXED, Computation.CARRY),
    RESHAPE("Reshape", Signature.INDEXED, Computation.CARRY),
    SLICE("Slice", Signature.INDEXED, Computation.CARRY),
    SQUEEZE("Squeeze", Signature.INDEXED, Computation.CARRY),
    UNSQUEEZE("Unsqueeze", Signature.INDEXED, Computation.CARRY),
    TRANSPOSE("Transpose", Signature.ALIKE, Computation.CARRY),
    IDENTITY("Identity", Signature.ALIKE, Computation.CARRY),
    SHAPE("Shape", Signature.SIZE, Computation.CARRY);

    private static final Map<String, Operator> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toMap(operator -> operator.onnxName, Function.identity()));

    private final String onnxName;
    private final Signature signature;
    private final Computation computation;

    Operator(String onnxName, Signature signature, Computation computation) {
        this.onnxName = onnxName;
        this.signature = signature;
        this.computation = computation;
    }

    /** The operator of a node; a graph with another one is refused, for nobody has thought about its precision. */
    static Operator of(NodeProto node) throws TypingException {
        Operator operator = BY_NAME.get(node.getOpType());
        if (operator == null || !node.getDomain().isEmpty()) {
            throw new TypingException("holds the operator " + node.getOpType() + ", for which there is no rule");
        }
        return operator;
    }

    Signature signature() {
        return signature;
    }

    Computation computation() {
        return computation;
    }

    /** In which type an operator computes floating-point values. */
    enum Computation {
        /** In half precision: a product, where the time goes, or what lies between two of them. */
        HALF,
        /** In float32: sums of products, norms, exponentials, recurrences, and whatever has no reason to be half. */
        FLOAT,
        /** In float32, and rounded once for all readers: products read it, and sums lose little by reading the same. */
        FLOAT_THEN_HALF,
        /** Moves or picks values and rounds nothing: in the type they have. */
        CARRY
    }

    /** Which inputs of an operator share one element type, what the others hold, and what comes out. */
    enum Signature {
        /** All inputs and the output are of one type. */
        ALIKE,
        /** The first input and the output are of one type; the others are whole numbers. */
        INDEXED,
        /** The first input is a condition; the others and the output are of one type. */
        SELECTION,
        /** All inputs are of one type; the output is a condition. */
        COMPARISON,
        /** The output is the input's shape. */
        SIZE,
        /** The output's type is an attribute. */
        CONVERSION,
        /** The fifth input counts steps; the others and the output are of one type. */
        RECURRENCE;

        private static final int STEP_COUNTS = 4;

        /** True if the input at this place is of the type the operator computes in. */
        boolean isShared(int input) {
            return switch (this) {
                case ALIKE, COMPARISON, SIZE, CONVERSION -> true;
                case INDEXED -> input == 0;
                case SELECTION -> input > 0;
                case RECURRENCE -> input != STEP_COUNTS;
            };
        }

        /** Types of the inputs that do not share one. */
        Set<DataType> others() {
            return switch (this) {
                case ALIKE, COMPARISON, SIZE, CONVERSION -> EnumSet.noneOf(DataType.class);
                case INDEXED -> EnumSet.of(DataType.INT32, DataType.INT64);
                case SELECTION -> EnumSet.of(DataType.BOOL);
                case RECURRENCE -> EnumSet.of(DataType.INT32);
            };
        }
    }
}
