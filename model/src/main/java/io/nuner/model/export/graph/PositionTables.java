package io.nuner.model.export.graph;

import io.nuner.model.ModelException;
import io.nuner.model.export.checkpoint.StoredTensor;
import io.nuner.model.export.checkpoint.config.EncoderShape;
import io.nuner.model.export.onnx.Weights;
import java.util.stream.IntStream;

/**
 * Keys and queries of the relative positions, which depend on no input and so become constants. Immutable.
 *
 * <p>The embeddings pass through their own layer norm and then through each layer's key and query projection. Sums are
 * kept in double precision.
 */
final class PositionTables {
    private static final int UNROLL = 4;

    private final int rows;
    private final int heads;
    private final int hiddenSize;
    private final double[][] normalised;

    private PositionTables(int rows, int heads, int hiddenSize, double[][] normalised) {
        this.rows = rows;
        this.heads = heads;
        this.hiddenSize = hiddenSize;
        this.normalised = normalised;
    }

    /**
     * Applies the layer norm of the encoder to the relative embeddings.
     *
     * @param buckets rows of these on either side of distance 0
     */
    static PositionTables of(EncoderTensors tensors, int buckets) throws ModelException {
        EncoderShape shape = tensors.shape();
        int hidden = shape.hiddenSize();
        StoredTensor embeddings = tensors.require("encoder.rel_embeddings.weight", 2 * buckets, hidden);
        float[] scale = tensors.require("encoder.LayerNorm.weight", hidden).readAll();
        float[] bias = tensors.require("encoder.LayerNorm.bias", hidden).readAll();
        float[] values = embeddings.readAll();
        double[][] normalised = new double[embeddings.shape().get(0)][hidden];
        for (int row = 0; row < normalised.length; row++) {
            for (int i = 0; i < hidden; i++) {
                normalised[row][i] = values[row * hidden + i];
            }
            normalise(normalised[row], scale, bias, shape.layerNormEps());
        }
        return new PositionTables(normalised.length, shape.heads(), hidden, normalised);
    }

    private static void normalise(double[] row, float[] scale, float[] bias, double epsilon) {
        double mean = 0;
        for (double value : row) {
            mean += value / row.length;
        }
        double variance = 0;
        for (double value : row) {
            variance += (value - mean) * (value - mean) / row.length;
        }
        double factor = 1 / Math.sqrt(variance + epsilon);
        for (int i = 0; i < row.length; i++) {
            row[i] = (row[i] - mean) * factor * scale[i] + bias[i];
        }
    }

    /** The positions through a projection, times a factor: {@code [heads, rows, head size]}. */
    Weights project(StoredTensor weight, StoredTensor bias, float factor) {
        float[] byInput = transposed(weight.readAll());
        float[] offsets = bias.readAll();
        float[] table = new float[rows * hiddenSize];
        int headSize = hiddenSize / heads;
        IntStream.range(0, rows).parallel().forEach(row -> {
            double[] projected = multiply(normalised[row], byInput);
            for (int out = 0; out < hiddenSize; out++) {
                table[(out / headSize * rows + row) * headSize + out % headSize] =
                        (float) ((projected[out] + offsets[out]) * factor);
            }
        });
        return Weights.wrap(table, heads, rows, headSize);
    }

    private float[] transposed(float[] matrix) {
        float[] result = new float[matrix.length];
        for (int out = 0; out < hiddenSize; out++) {
            for (int in = 0; in < hiddenSize; in++) {
                result[in * hiddenSize + out] = matrix[out * hiddenSize + in];
            }
        }
        return result;
    }

    // Column sums side by side: the compiler turns the inner loop into vector instructions, a dot product it cannot.
    private double[] multiply(double[] row, float[] byInput) {
        double[] sums = new double[hiddenSize];
        int in = 0;
        for (; in + UNROLL <= hiddenSize; in += UNROLL) {
            addFour(sums, row, byInput, in);
        }
        for (; in < hiddenSize; in++) {
            for (int out = 0; out < hiddenSize; out++) {
                sums[out] += row[in] * byInput[in * hiddenSize + out];
            }
        }
        return sums;
    }

    private void addFour(double[] sums, double[] row, float[] byInput, int in) {
        double a = row[in];
        double b = row[in + 1];
        double c = row[in + 2];
        double d = row[in + 3];
        int first = in * hiddenSize;
        for (int out = 0; out < hiddenSize; out++) {
            int place = first + out;
            sums[out] += a * byInput[place]
                    + b * byInput[place + hiddenSize]
                    + c * byInput[place + 2 * hiddenSize]
                    + d * byInput[place + 3 * hiddenSize];
        }
    }
}
