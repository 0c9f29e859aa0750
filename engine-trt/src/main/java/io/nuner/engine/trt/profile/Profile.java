package io.nuner.engine.trt.profile;

import io.nuner.engine.BatchTensor;
import io.nuner.engine.EncoderSize;
import io.nuner.engine.GraphNames;
import java.util.List;

/**
 * An optimization profile: the batches that it admits, the same for encoder and head. Immutable.
 *
 * @param rowLength tokens to which attention pads each row; words of the longest text at most
 * @param maxRows rows at most
 * @param maxTokens tokens of all rows at most, and words of all rows
 * @param typical what the builder tunes for
 */
public record Profile(int rowLength, int maxRows, int maxTokens, EncoderSize typical) {
    public Profile {
        if (!typical.fitsInto(new EncoderSize(maxRows, rowLength, maxTokens, maxTokens))) {
            throw new IllegalArgumentException("typical " + typical + " does not fit a profile of " + maxRows
                    + " rows of " + rowLength + " and " + maxTokens + " tokens");
        }
    }

    /** A profile tuned for batches that fill three quarters of it. */
    static Profile forThroughput(int rowLength, int maxRows, int maxTokens) {
        int tokens = Math.max(1, maxTokens / 4 * 3);
        EncoderSize typical = new EncoderSize(Math.max(1, maxRows / 4 * 3), rowLength, tokens, Math.max(1, tokens / 2));
        return new Profile(rowLength, maxRows, maxTokens, typical);
    }

    /** A profile tuned for one row that fills three quarters of it. */
    static Profile forLatency(int rowLength, int maxRows, int maxTokens) {
        int tokens = Math.max(1, Math.min(rowLength, maxTokens) / 4 * 3);
        return new Profile(
                rowLength, maxRows, maxTokens, new EncoderSize(1, rowLength, tokens, Math.max(1, tokens / 2)));
    }

    /** True if a batch of these sizes runs here. */
    public boolean admits(EncoderSize size) {
        return size.fitsInto(new EncoderSize(maxRows, rowLength, maxTokens, maxTokens));
    }

    /** Shapes of the encoder's inputs. */
    public List<ShapeRange> encoder() {
        long[] tokens = {1, typical.tokens(), maxTokens};
        long[] rows = {1, typical.rows(), maxRows};
        return List.of(
                vector(BatchTensor.TOKEN_IDS.graphName(), tokens),
                matrix(BatchTensor.PAD_INDEX.graphName(), rows, fixed(rowLength)),
                vector(BatchTensor.UNPAD_INDEX.graphName(), tokens),
                vector(BatchTensor.ROW_LENGTHS.graphName(), rows),
                vector(BatchTensor.NEEDED_TOKENS.graphName(), new long[] {1, typical.needed(), maxTokens}));
    }

    /**
     * Shapes of the head's inputs.
     *
     * @param hiddenSize size of a hidden state
     * @param maxLabels labels of one row at most
     */
    public List<ShapeRange> head(int hiddenSize, int maxLabels) {
        long[] needed = {1, typical.needed(), maxTokens};
        long[] words = {1, typical.needed(), maxTokens};
        long[] rows = {1, typical.rows(), maxRows};
        long[] longest = {1, Math.max(1, rowLength / 2), rowLength};
        return List.of(
                matrix(GraphNames.HIDDEN_STATES, needed, fixed(hiddenSize)),
                vector(BatchTensor.WORD_INDEX.graphName(), words),
                matrix(BatchTensor.WORD_PAD_INDEX.graphName(), rows, longest),
                vector(BatchTensor.WORD_UNPAD_INDEX.graphName(), words),
                vector(BatchTensor.WORDS_LEFT.graphName(), words),
                vector(BatchTensor.WORD_COUNTS.graphName(), rows),
                matrix(BatchTensor.LABEL_INDEX.graphName(), rows, new long[] {1, Math.min(8, maxLabels), maxLabels}));
    }

    private static long[] fixed(long size) {
        return new long[] {size, size, size};
    }

    private static ShapeRange vector(String input, long[] range) {
        return new ShapeRange(input, List.of(range[0]), List.of(range[1]), List.of(range[2]));
    }

    private static ShapeRange matrix(String input, long[] first, long[] second) {
        return new ShapeRange(
                input, List.of(first[0], second[0]), List.of(first[1], second[1]), List.of(first[2], second[2]));
    }
}
