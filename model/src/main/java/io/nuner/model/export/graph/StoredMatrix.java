package io.nuner.model.export.graph;

import io.nuner.engine.GraphWeight;
import io.nuner.model.export.checkpoint.ByteRows;
import io.nuner.model.export.checkpoint.StoredTensor;
import io.nuner.model.export.onnx.Matrix;
import io.nuner.model.export.onnx.OutlierColumns;
import io.nuner.model.export.onnx.Weights;
import java.util.List;

/**
 * A matrix made of tensors of a checkpoint: one below the other, scaled, or some columns of one. Streams.
 *
 * <p>Rows that the checkpoint keeps as bytes are handed on as they are; others are rounded.
 */
final class StoredMatrix implements Matrix {
    private final List<Block> blocks;
    private final int rows;
    private final int columns;
    private final float[] row;

    private StoredMatrix(List<Block> blocks) {
        this.blocks = List.copyOf(blocks);
        rows = blocks.stream().mapToInt(Block::rows).reduce(0, Math::addExact);
        columns = blocks.get(0).columns();
        row = new float[columns];
    }

    /** A whole tensor. */
    static StoredMatrix of(StoredTensor tensor) {
        return stacked(List.of(whole(tensor)));
    }

    /** Rows one below the other; all blocks have the same number of columns. */
    static StoredMatrix stacked(List<Block> blocks) {
        return new StoredMatrix(blocks);
    }

    /** Columns {@code from} to before {@code to}. */
    static StoredMatrix columns(StoredTensor tensor, int from, int to) {
        return stacked(List.of(new Block(tensor, from, to - from, 1)));
    }

    /** A whole tensor, to be stacked. */
    static Block whole(StoredTensor tensor) {
        return scaled(tensor, 1);
    }

    /** A whole tensor times a factor, to be stacked. */
    static Block scaled(StoredTensor tensor, float factor) {
        return new Block(tensor, 0, tensor.shape().get(1), factor);
    }

    @Override
    public int rows() {
        return rows;
    }

    @Override
    public int columns() {
        return columns;
    }

    @Override
    public Weights floats() {
        return floats(columns, sink -> sink.put(row, columns));
    }

    @Override
    public Weights floats(OutlierColumns outliers) {
        float[] taken = new float[outliers.count()];
        return floats(taken.length, sink -> {
            outliers.copy(row, taken, 0);
            sink.put(taken, taken.length);
        });
    }

    /**
     * Reads one row after the other.
     *
     * @param count values that are written of each
     * @param written writes those of {@link #row}
     */
    private Weights floats(int count, Weights.Source written) {
        return Weights.of(GraphWeight.Type.FLOAT32, List.of(rows, count), sink -> {
            for (Block block : blocks) {
                for (int index = 0; index < block.rows(); index++) {
                    block.read(index, row);
                    written.writeTo(sink);
                }
            }
        });
    }

    @Override
    public float readBytes(int index, byte[] target, OutlierColumns outliers) {
        int inBlock = index;
        for (Block block : blocks) {
            if (inBlock < block.rows()) {
                return block.readBytes(inBlock, row, target, outliers);
            }
            inBlock -= block.rows();
        }
        throw new IndexOutOfBoundsException(index);
    }

    /** Some columns of a tensor, and a factor for their values. Immutable. */
    record Block(StoredTensor tensor, int firstColumn, int columns, float factor) {
        int rows() {
            return tensor.shape().get(0);
        }

        private int start(int row) {
            return row * tensor.shape().get(1) + firstColumn;
        }

        void read(int row, float[] target) {
            tensor.read(start(row), target, columns);
            if (factor == 1) {
                return;
            }
            for (int i = 0; i < columns; i++) {
                target[i] *= factor;
            }
        }

        /**
         * Copies the row's own bytes, or rounds it; either without the outliers.
         *
         * @param values room for a row
         */
        float readBytes(int row, float[] values, byte[] target, OutlierColumns outliers) {
            ByteRows own = tensor.byteRows().orElse(null);
            if (own == null) {
                read(row, values);
                outliers.clear(values);
                return RowRounding.round(values, target);
            }
            own.read(start(row), target, columns);
            outliers.clear(target);
            return own.factor(row) * factor;
        }
    }
}
