package io.nuner.model.export.onnx;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The inputs of a linear layer that stay in float32 when the others are multiplied as bytes: those whose values are much larger
 * than the others', which would take the steps that the others need (docs/adr/0026). Chosen once, from the largest
 * magnitudes on sample texts, never from the batch. Immutable. Any thread.
 *
 * <p>The product is the sum of two: of bytes, with the columns of these inputs cleared, and of float32, with these columns
 * only.
 */
public final class OutlierColumns {
    /** An outlier's magnitude is over this many times the median of all inputs'. */
    private static final double LEAST_MEDIANS = 3;
    /** At most one input in so many is one. */
    private static final int RARITY = 16;

    private final int inputs;
    private final int[] columns;

    private OutlierColumns(int inputs, int[] columns) {
        this.inputs = inputs;
        this.columns = columns;
    }

    /** No outliers among so many inputs. */
    public static OutlierColumns none(int inputs) {
        return new OutlierColumns(inputs, new int[0]);
    }

    /**
     * The outliers, the largest of them if there are too many.
     *
     * @param magnitudes of each input the largest magnitude
     * @throws IllegalArgumentException if one is negative or not finite
     */
    public static OutlierColumns of(float[] magnitudes) {
        for (int input = 0; input < magnitudes.length; input++) {
            if (!(magnitudes[input] >= 0 && magnitudes[input] < Float.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("magnitude " + magnitudes[input] + " of input " + input);
            }
        }
        double least = LEAST_MEDIANS * median(magnitudes);
        int[] columns = IntStream.range(0, magnitudes.length)
                .filter(input -> magnitudes[input] > least)
                .boxed()
                .sorted(Comparator.comparingDouble(input -> -magnitudes[input]))
                .limit(magnitudes.length / RARITY)
                .mapToInt(Integer::intValue)
                .sorted()
                .toArray();
        return new OutlierColumns(magnitudes.length, columns);
    }

    /** Their numbers, from the least. */
    public int[] indices() {
        return columns.clone();
    }

    /** How many there are. */
    public int count() {
        return columns.length;
    }

    /** 0 for each outlier, 1 for the other inputs: what a row is multiplied by before its largest magnitude is taken. */
    public float[] others() {
        float[] others = new float[inputs];
        Arrays.fill(others, 1);
        clear(others);
        return others;
    }

    /** Sets their values in a row of inputs to 0. */
    public void clear(float[] row) {
        for (int column : columns) {
            row[column] = 0;
        }
    }

    /** Sets their bytes in a row of inputs to 0. */
    public void clear(byte[] row) {
        for (int column : columns) {
            row[column] = 0;
        }
    }

    /** Copies their values in a row of inputs to a place in {@code target}. */
    public void copy(float[] row, float[] target, int place) {
        for (int i = 0; i < columns.length; i++) {
            target[place + i] = row[columns[i]];
        }
    }

    private static double median(float[] values) {
        if (values.length == 0) {
            return 0;
        }
        float[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + (double) sorted[middle]) / 2;
    }
}
