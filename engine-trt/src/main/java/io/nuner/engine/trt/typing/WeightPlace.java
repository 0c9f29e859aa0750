package io.nuner.engine.trt.typing;

import io.nuner.model.format.onnx.StringStringEntryProto;
import io.nuner.model.format.onnx.TensorProto;
import io.nuner.model.format.onnx.TensorProto.DataLocation;
import io.nuner.model.format.onnx.TensorProto.DataType;
import java.util.HashMap;
import java.util.Map;

/**
 * Where a weight lies. Immutable.
 *
 * @param file name of a file beside the graph
 * @param offset its first byte
 * @param length bytes
 */
record WeightPlace(String file, long offset, long length) {
    /**
     * Reads the place of a weight that is outside its graph.
     *
     * @throws TypingException if it is not a whole number of values inside a file beside the graph
     */
    static WeightPlace of(TensorProto weight) throws TypingException {
        Map<String, String> entries = new HashMap<>();
        for (StringStringEntryProto entry : weight.getExternalDataList()) {
            entries.put(entry.getKey(), entry.getValue());
        }
        try {
            String file = entries.getOrDefault("location", "");
            long offset = Long.parseLong(entries.getOrDefault("offset", "0"));
            long length = Long.parseLong(entries.getOrDefault("length", ""));
            boolean plain = !file.isEmpty() && !file.contains("/") && !file.contains("\\") && !file.equals("..");
            if (plain && offset >= 0 && length == bytes(weight)) {
                return new WeightPlace(file, offset, length);
            }
        } catch (ArithmeticException | NumberFormatException e) {
            // refused below: the place is as wrong as a negative one
        }
        throw new TypingException("does not say where the weight " + weight.getName() + " lies");
    }

    static boolean isOutside(TensorProto tensor) {
        return tensor.getDataLocation() == DataLocation.EXTERNAL;
    }

    private static long bytes(TensorProto weight) throws TypingException {
        if (weight.getDataType() != DataType.FLOAT_VALUE) {
            throw new TypingException("keeps " + weight.getName() + " in its weights, which is not float32");
        }
        long bytes = Float.BYTES;
        for (long size : weight.getDimsList()) {
            bytes = Math.multiplyExact(bytes, size);
        }
        return bytes;
    }
}
