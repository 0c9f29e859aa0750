package io.nuner.model.export.onnx;

import io.nuner.engine.GraphWeight;
import io.nuner.model.export.onnx.GraphBuilder.Value;
import java.io.IOException;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Matrices as bytes with a factor for each row, but for the inputs of linear layers that are outliers. This is the recipe {@link
 * io.nuner.model.Quantization#OUTLIER_COLUMNS}: whoever changes a number here or in {@link OutlierColumns} raises its version.
 *
 * <p>A linear layer divides each row of x by its largest magnitude, rounds to 255 steps from -1 to 1, multiplies whole numbers and
 * takes the division back. The steps are the same for every row of every batch, so no row depends on another. Written as ONNX
 * writes quantized models: QuantizeLinear and DequantizeLinear around a MatMul, which ONNX Runtime makes one product of
 * bytes of (docs/adr/0025).
 *
 * <p>Outliers do not count for the largest magnitude, and bytes of 0 take them out of the product. A thin float32 product has them
 * instead; its result is added in place of the bias, which it contains (docs/adr/0026).
 */
final class ByteForm implements WeightForm {
    /** Rows turned at a time, so that neighbours are written together. */
    private static final int BLOCK = 64;

    private static final int STEPS = 127; // on either side of 0
    private static final int MIDDLE = 128; // the byte that stands for 0: activations are unsigned

    private final Operators ops;
    private final GraphBuilder graph;
    private final InputMagnitudes magnitudes;
    private final Value step;
    private final Value middle;
    /** Instead of the largest magnitude of a row of zeros. */
    private final Value tiny;

    /**
     * Adds to a graph.
     *
     * @param magnitudes of the inputs of every linear layer that the graph will have
     */
    ByteForm(Operators ops, InputMagnitudes magnitudes) {
        this.ops = ops;
        this.magnitudes = magnitudes;
        graph = ops.graph();
        step = graph.scalar(1f / STEPS);
        middle = graph.byteScalar(MIDDLE);
        tiny = graph.scalar(Float.MIN_NORMAL);
    }

    @Override
    public Linear linear(String name, Matrix weight) throws IOException {
        OutlierColumns outliers = outliers(name, weight);
        Linear product = product(name, weight, outliers);
        if (outliers.count() == 0) {
            return product;
        }
        Value taken = graph.ints(outliers.indices());
        Value exact = graph.weight(name + "_outliers", weight.floats(outliers));
        return x -> ops.add(product.apply(x), ops.gemm(ops.gather(x, taken, 1), exact));
    }

    @Override
    public Linear linear(String name, Matrix weight, String biasName, Weights bias) throws IOException {
        OutlierColumns outliers = outliers(name, weight);
        Linear product = product(name, weight, outliers);
        Value added = graph.weight(biasName, bias);
        if (outliers.count() == 0) {
            return x -> ops.add(product.apply(x), added);
        }
        Value taken = graph.ints(outliers.indices());
        Value exact = graph.weight(name + "_outliers", weight.floats(outliers));
        return x -> ops.add(product.apply(x), ops.gemm(ops.gather(x, taken, 1), exact, added));
    }

    private OutlierColumns outliers(String name, Matrix weight) {
        return magnitudes.outliers(graph.inScope(name), weight.columns());
    }

    /**
     * The product without the outliers. Its weights are written when the layer is applied, and again if it is applied again: see
     * {@link #values}.
     */
    private Linear product(String name, Matrix weight, OutlierColumns outliers) throws IOException {
        float[] factors = new float[weight.rows()];
        Weights turned = turned(weight, outliers, factors);
        Weights scale = Weights.wrap(factors, factors.length);
        UnaryOperator<Value> others = others(name, outliers);
        return x -> multiply(x, values(name, turned, scale), others);
    }

    /** Clears the outliers of a tensor. */
    private UnaryOperator<Value> others(String name, OutlierColumns outliers) throws IOException {
        if (outliers.count() == 0) {
            return UnaryOperator.identity();
        }
        float[] mask = outliers.others();
        Value others = graph.weight(name + "_others", Weights.wrap(mask, mask.length));
        return x -> ops.multiply(x, others);
    }

    @Override
    public Value rows(String name, Matrix table, Value indices) throws IOException {
        float[] factors = new float[table.rows()];
        Value bytes = graph.weight(name, streamed(table, factors)); // fills the factors
        Value scale = graph.weight(name + "_scale", Weights.wrap(factors, table.rows(), 1));
        return ops.multiply(ops.toFloat(ops.gather(bytes, indices, 0)), ops.gather(scale, indices, 0));
    }

    private Value multiply(Value x, Value values, UnaryOperator<Value> others) {
        Value largest = ops.max(ops.largest(ops.magnitude(others.apply(x))), tiny);
        Value rounded = ops.quantize(ops.divide(x, largest), step, middle);
        return ops.multiply(ops.matMul(ops.dequantize(rounded, step, middle), values), largest);
    }

    /**
     * Weights of one product alone. Where ONNX Runtime turns them into unsigned ones, it cannot do so for two products that share
     * weights or zero points; and it needs zero points, one for each factor, though all are 0.
     */
    private Value values(String name, Weights turned, Weights scale) throws IOException {
        Value bytes = graph.weight(name, turned);
        Value factors = graph.weight(name + "_scale", scale);
        int count = scale.shape().get(0);
        Value zeros = graph.weight(name + "_zero", Weights.wrap(new byte[count], count));
        return ops.dequantize(bytes, factors, zeros, 1);
    }

    /** The bytes as {@code [in, out]}, which MatMul reads. */
    private static Weights turned(Matrix weight, OutlierColumns outliers, float[] factors) {
        int rows = weight.rows();
        int columns = weight.columns();
        byte[] turned = new byte[Math.multiplyExact(rows, columns)];
        byte[][] block = new byte[Math.min(BLOCK, rows)][columns];
        for (int first = 0; first < rows; first += block.length) {
            int size = Math.min(block.length, rows - first);
            for (int row = 0; row < size; row++) {
                factors[first + row] = weight.readBytes(first + row, block[row], outliers);
            }
            turn(block, size, turned, first);
        }
        return Weights.wrap(turned, columns, rows);
    }

    private static void turn(byte[][] block, int size, byte[] turned, int first) {
        int columns = block[0].length;
        int rows = turned.length / columns;
        for (int column = 0; column < columns; column++) {
            for (int row = 0; row < size; row++) {
                turned[column * rows + first + row] = block[row][column];
            }
        }
    }

    private static Weights streamed(Matrix table, float[] factors) {
        return Weights.of(GraphWeight.Type.INT8, List.of(table.rows(), table.columns()), sink -> {
            byte[] row = new byte[table.columns()];
            OutlierColumns none = OutlierColumns.none(row.length);
            for (int index = 0; index < factors.length; index++) {
                factors[index] = table.readBytes(index, row, none);
                sink.put(row, row.length);
            }
        });
    }
}
