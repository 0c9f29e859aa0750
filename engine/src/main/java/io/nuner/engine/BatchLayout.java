package io.nuner.engine;

import java.nio.IntBuffer;
import java.util.List;

/**
 * The layout of a batch: the values and shapes of each {@link BatchTensor}. Immutable.
 *
 * <p>The needed tokens of a row are its label markers, then the first token of each word that has one.
 */
public final class BatchLayout {
    private final PackedBatch batch;
    private final int neededTokens;
    private final EncoderSize size;

    private BatchLayout(PackedBatch batch, int neededTokens, EncoderSize size) {
        this.batch = batch;
        this.neededTokens = neededTokens;
        this.size = size;
    }

    /** A layout without padding, but for attention, which is padded to the longest row. */
    public static BatchLayout of(PackedBatch batch) {
        int needed = batch.rows().stream().mapToInt(BatchLayout::needed).sum();
        return new BatchLayout(
                batch, needed, new EncoderSize(batch.rowCount(), batch.longestRow(), batch.tokenCount(), needed));
    }

    /**
     * The same batch with the encoder's inputs filled up to a size, for engines that run certain sizes only. Rows and tokens
     * that fill up change no score; the head's inputs stay as they are.
     *
     * @throws IllegalArgumentException if the batch does not fit
     */
    public BatchLayout filledUp(EncoderSize larger) {
        if (!size.fitsInto(larger)) {
            throw new IllegalArgumentException(size + " does not fit " + larger);
        }
        return new BatchLayout(batch, neededTokens, larger);
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

    /** Rows of the hidden states that the head reads, called M in shapes. */
    public int neededTokens() {
        return neededTokens;
    }

    /** The sizes of the encoder's inputs. */
    public EncoderSize encoderSize() {
        return size;
    }

    /** The shape of a tensor, a new array. */
    public long[] shape(BatchTensor tensor) {
        return switch (tensor) {
            case TOKEN_IDS, UNPAD_INDEX -> new long[] {size.tokens()};
            case PAD_INDEX -> new long[] {size.rows(), size.rowLength()};
            case ROW_LENGTHS -> new long[] {size.rows()};
            case NEEDED_TOKENS -> new long[] {size.needed()};
            case WORD_COUNTS -> new long[] {batch.rowCount()};
            case WORD_INDEX, WORD_UNPAD_INDEX, WORDS_LEFT -> new long[] {batch.wordCount()};
            case WORD_PAD_INDEX -> new long[] {batch.rowCount(), batch.mostWords()};
            case LABEL_INDEX -> new long[] {batch.rowCount(), batch.mostLabels()};
        };
    }

    /** Number of values of a tensor. */
    public int size(BatchTensor tensor) {
        long values = 1;
        for (long dimension : shape(tensor)) {
            values *= dimension;
        }
        return Math.toIntExact(values);
    }

    /** The shape of the logits for {@code maxWidth} widths, a new array. */
    public long[] logitsShape(int maxWidth) {
        return new long[] {batch.rowCount(), batch.mostWords(), maxWidth, batch.mostLabels()};
    }

    /** Puts the values of a tensor, in row-major order, at the target's position; needs {@link #size} places. */
    public void write(BatchTensor tensor, IntBuffer target) {
        switch (tensor) {
            case TOKEN_IDS -> writeTokenIds(target);
            case PAD_INDEX -> writePadIndex(target);
            case UNPAD_INDEX -> writeUnpadIndex(target);
            case ROW_LENGTHS -> writeRowLengths(target);
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
        fillUp(target, size.tokens() - batch.tokenCount(), 0);
    }

    private void writePadIndex(IntBuffer target) {
        writePadded(target, size.rowLength(), TokenRow::tokenCount);
        fillUp(target, (size.rows() - batch.rowCount()) * size.rowLength(), 0);
    }

    private void writeRowLengths(IntBuffer target) {
        batch.rows().forEach(row -> target.put(row.tokenCount()));
        fillUp(target, size.rows() - batch.rowCount(), 1);
    }

    private static void fillUp(IntBuffer target, int places, int value) {
        for (int place = 0; place < places; place++) {
            target.put(value);
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
                target.put(row * size.rowLength() + position);
            }
        }
        fillUp(target, size.tokens() - batch.tokenCount(), 0);
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
        fillUp(target, size.needed() - neededTokens, 0);
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

    /** The length of a row that is padded: its tokens or its words. */
    @FunctionalInterface
    private interface Length {
        int of(TokenRow row);
    }
}
