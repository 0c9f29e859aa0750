package io.nuner.engine;

import java.nio.IntBuffer;
import java.util.List;

/**
 * Where everything of a batch goes: the values and shapes of each {@link BatchTensor}. Immutable.
 *
 * <p>The needed tokens of a row are its label markers, then the first token of each word that has one.
 */
public final class BatchLayout {
    private final PackedBatch batch;
    private final int paddedRow;
    private final int neededTokens;

    private BatchLayout(PackedBatch batch, int paddedRow) {
        this.batch = batch;
        this.paddedRow = paddedRow;
        neededTokens = batch.rows().stream().mapToInt(BatchLayout::needed).sum();
    }

    /** A layout whose attention is padded to the longest row. */
    public static BatchLayout of(PackedBatch batch) {
        return new BatchLayout(batch, batch.longestRow());
    }

    /**
     * A layout whose attention is padded to {@code paddedRow} tokens, for engines with fixed row lengths.
     *
     * @throws IllegalArgumentException if a row is longer
     */
    public static BatchLayout padded(PackedBatch batch, int paddedRow) {
        if (batch.longestRow() > paddedRow) {
            throw new IllegalArgumentException("a row of " + batch.longestRow() + " tokens does not fit " + paddedRow);
        }
        return new BatchLayout(batch, paddedRow);
    }

    private static int needed(TokenRow row) {
        int needed = row.labelCount();
        for (int word = 0; word < row.wordCount(); word++) {
            needed += row.wordToken(word) == TokenRow.NO_TOKEN ? 0 : 1;
        }
        return needed;
    }

    /** The batch that is laid out. */
    public PackedBatch batch() {
        return batch;
    }

    /** Rows of the hidden states that pass from encoder to head, called M in shapes. */
    public int neededTokens() {
        return neededTokens;
    }

    /** The shape of a tensor, a new array. */
    public long[] shape(BatchTensor tensor) {
        return switch (tensor) {
            case TOKEN_IDS, UNPAD_INDEX -> new long[] {batch.tokenCount()};
            case PAD_INDEX -> new long[] {batch.rowCount(), paddedRow};
            case ROW_LENGTHS, WORD_COUNTS -> new long[] {batch.rowCount()};
            case NEEDED_TOKENS -> new long[] {neededTokens};
            case WORD_INDEX, WORD_UNPAD_INDEX, WORDS_LEFT -> new long[] {batch.wordCount()};
            case WORD_PAD_INDEX -> new long[] {batch.rowCount(), batch.mostWords()};
            case LABEL_INDEX -> new long[] {batch.rowCount(), batch.mostLabels()};
        };
    }

    /** Number of values of a tensor. */
    public int size(BatchTensor tensor) {
        long size = 1;
        for (long dimension : shape(tensor)) {
            size *= dimension;
        }
        return Math.toIntExact(size);
    }

    /** The shape of the logits for {@code maxWidth} widths, a new array. */
    public long[] logitsShape(int maxWidth) {
        return new long[] {batch.rowCount(), batch.mostWords(), maxWidth, batch.mostLabels()};
    }

    /** Puts the values of a tensor, in row-major order, at the target's position; needs {@link #size} places. */
    public void write(BatchTensor tensor, IntBuffer target) {
        switch (tensor) {
            case TOKEN_IDS -> writeTokenIds(target);
            case PAD_INDEX -> writePadded(target, paddedRow, TokenRow::tokenCount);
            case UNPAD_INDEX -> writeUnpadIndex(target);
            case ROW_LENGTHS -> batch.rows().forEach(row -> target.put(row.tokenCount()));
            case NEEDED_TOKENS -> writeNeededTokens(target);
            case WORD_INDEX -> writeWordIndex(target);
            case WORD_PAD_INDEX -> writePadded(target, batch.mostWords(), TokenRow::wordCount);
            case WORD_UNPAD_INDEX -> writeWordUnpadIndex(target);
            case WORDS_LEFT -> writeWordsLeft(target);
            case WORD_COUNTS -> batch.rows().forEach(row -> target.put(row.wordCount()));
            case LABEL_INDEX -> writeLabelIndex(target);
        }
    }

    private void writeTokenIds(IntBuffer target) {
        for (TokenRow row : batch.rows()) {
            for (int position = 0; position < row.tokenCount(); position++) {
                target.put(row.tokenId(position));
            }
        }
    }

    private void writePadded(IntBuffer target, int width, Length length) {
        int first = 0;
        for (TokenRow row : batch.rows()) {
            int filled = length.of(row);
            for (int place = 0; place < width; place++) {
                target.put(place < filled ? first + place : 0);
            }
            first += filled;
        }
    }

    private void writeUnpadIndex(IntBuffer target) {
        List<TokenRow> rows = batch.rows();
        for (int row = 0; row < rows.size(); row++) {
            for (int position = 0; position < rows.get(row).tokenCount(); position++) {
                target.put(row * paddedRow + position);
            }
        }
    }

    private void writeNeededTokens(IntBuffer target) {
        int first = 0;
        for (TokenRow row : batch.rows()) {
            for (int label = 0; label < row.labelCount(); label++) {
                target.put(first + row.labelToken(label));
            }
            writeWordTokens(row, first, target);
            first += row.tokenCount();
        }
    }

    private static void writeWordTokens(TokenRow row, int first, IntBuffer target) {
        for (int word = 0; word < row.wordCount(); word++) {
            int token = row.wordToken(word);
            if (token != TokenRow.NO_TOKEN) {
                target.put(first + token);
            }
        }
    }

    private void writeWordIndex(IntBuffer target) {
        int next = 0;
        for (TokenRow row : batch.rows()) {
            next += row.labelCount();
            for (int word = 0; word < row.wordCount(); word++) {
                boolean absent = row.wordToken(word) == TokenRow.NO_TOKEN;
                target.put(absent ? neededTokens : next);
                next += absent ? 0 : 1;
            }
        }
    }

    private void writeWordUnpadIndex(IntBuffer target) {
        List<TokenRow> rows = batch.rows();
        for (int row = 0; row < rows.size(); row++) {
            for (int word = 0; word < rows.get(row).wordCount(); word++) {
                target.put(word * rows.size() + row);
            }
        }
    }

    private void writeWordsLeft(IntBuffer target) {
        for (TokenRow row : batch.rows()) {
            for (int left = row.wordCount() - 1; left >= 0; left--) {
                target.put(left);
            }
        }
    }

    private void writeLabelIndex(IntBuffer target) {
        int first = 0;
        for (TokenRow row : batch.rows()) {
            for (int label = 0; label < batch.mostLabels(); label++) {
                target.put(label < row.labelCount() ? first + label : 0);
            }
            first += needed(row);
        }
    }

    /** What of a row is padded. */
    @FunctionalInterface
    private interface Length {
        int of(TokenRow row);
    }
}
