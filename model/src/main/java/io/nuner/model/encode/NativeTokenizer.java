package io.nuner.model.encode;

import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import io.nuner.model.encode.check.CheckedTokenizer;
import java.util.Arrays;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * A tokenizer of the Hugging Face tokenizers library, behind DJL's native calls. Any thread.
 *
 * <p>It calls the native methods directly: DJL's own wrapper also fetches unused tokens, offsets and masks, and
 * reports its use over the network on some clouds. {@link TokenizerLibrary} loads the library, not DJL. Owns native memory
 * until closed; a call after that is refused.
 */
final class NativeTokenizer implements AutoCloseable {
    private static final int[] NO_PIECES = {};

    private final ReadWriteLock lifetime = new ReentrantReadWriteLock();
    private long handle;

    /**
     * Builds the tokenizer, for which the native library must be loaded.
     *
     * @param checkedJson what {@link CheckedTokenizer} made of a file: anything else can end the process
     * @throws RuntimeException if the text is no tokenizer.json
     */
    NativeTokenizer(String checkedJson) {
        handle = TokenizersLibrary.LIB.createTokenizerFromString(checkedJson);
    }

    /** The pieces of each word, tokenised on its own; a word may have none. One native call for all words. */
    int[][] encode(String[] words) {
        lifetime.readLock().lock();
        try {
            requireOpen();
            long encoding = TokenizersLibrary.LIB.encodeList(handle, words, false);
            try {
                return piecesByWord(encoding, words.length);
            } finally {
                TokenizersLibrary.LIB.deleteEncoding(encoding);
            }
        } finally {
            lifetime.readLock().unlock();
        }
    }

    @Override
    public void close() {
        lifetime.writeLock().lock();
        try {
            if (handle != 0) {
                TokenizersLibrary.LIB.deleteTokenizer(handle);
                handle = 0;
            }
        } finally {
            lifetime.writeLock().unlock();
        }
    }

    private void requireOpen() {
        if (handle == 0) {
            throw new IllegalStateException("the tokenizer is closed");
        }
    }

    /** Tokens come in the order of the words, and each says which word it belongs to. */
    private static int[][] piecesByWord(long encoding, int words) {
        long[] tokens = TokenizersLibrary.LIB.getTokenIds(encoding);
        long[] wordOfToken = TokenizersLibrary.LIB.getWordIds(encoding);
        int[][] pieces = new int[words][];
        Arrays.fill(pieces, NO_PIECES);
        int from = 0;
        while (from < tokens.length) {
            int to = from + 1;
            while (to < tokens.length && wordOfToken[to] == wordOfToken[from]) {
                to++;
            }
            pieces[Math.toIntExact(wordOfToken[from])] = toInts(tokens, from, to);
            from = to;
        }
        return pieces;
    }

    private static int[] toInts(long[] values, int from, int to) {
        int[] ints = new int[to - from];
        for (int i = 0; i < ints.length; i++) {
            ints[i] = Math.toIntExact(values[from + i]);
        }
        return ints;
    }
}
