package io.nuner.engine.trt.execution;

/**
 * The sizes of a model on which those of buffers depend.
 *
 * @param hiddenSize size of a hidden state, H
 * @param maxWidth widths scored for each start word, K
 */
public record ModelSizes(int hiddenSize, int maxWidth) {
    public ModelSizes {
        if (hiddenSize < 1 || maxWidth < 1) {
            throw new IllegalArgumentException(
                    "hiddenSize and maxWidth must be positive, but were " + hiddenSize + " and " + maxWidth);
        }
    }
}
