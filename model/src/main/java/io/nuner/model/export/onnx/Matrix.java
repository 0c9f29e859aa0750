package io.nuner.model.export.onnx;

/**
 * The weight of a linear layer, {@code [rows, columns]} with one row for each output as torch has it, or a table of
 * embeddings: read row by row, before it is decided how it is stored. One thread at a time.
 */
public interface Matrix {
    int rows();

    int columns();

    /** All values, as float32. */
    Weights floats();

    /** The values in the columns of outliers, as float32: {@code [rows, outliers]}. */
    Weights floats(OutlierColumns outliers);

    /**
     * Copies one row to the start of {@code target}, as bytes. Columns of outliers become 0, and their values do not count where the
     * row is rounded.
     *
     * @return the factor that makes values of the bytes; NaN if a value that counts is not finite
     */
    float readBytes(int row, byte[] target, OutlierColumns outliers);
}
