package io.nuner.engine.trt.typing;

import io.nuner.model.format.onnx.TensorProto.DataType;
import java.util.EnumSet;
import java.util.Set;

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
