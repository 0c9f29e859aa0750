package io.nuner.engine;

import java.util.List;
import java.util.function.Supplier;

/**
 * An exported model's graphs, verified by the caller before an engine opens them.
 *
 * <p>Inputs and outputs of both graphs are named in {@link GraphNames}.
 *
 * @param encoder token ids to hidden states
 * @param head hidden states to logits
 * @param maxWidth widest span in words that the head scores
 * @param vocabularySize token ids are below this
 * @param maxRowTokens tokens of the longest row that the encoder reads; {@link Integer#MAX_VALUE} for any length
 * @param sha256 names the model with all its files: 64 lower-case hexadecimal digits
 * @param samples makes rows of real text, for engines that compare themselves with another; takes a moment, while the model is
 *     open
 */
public record ModelGraphs(
        ModelGraph encoder,
        ModelGraph head,
        int maxWidth,
        int vocabularySize,
        int maxRowTokens,
        String sha256,
        Supplier<List<TokenRow>> samples) {
    public ModelGraphs {
        if (maxWidth < 1 || vocabularySize < 1 || maxRowTokens < 1) {
            throw new IllegalArgumentException("maxWidth, vocabularySize and maxRowTokens must be positive, but were "
                    + maxWidth + ", " + vocabularySize + " and " + maxRowTokens);
        }
    }

    /** The same model with other graphs. */
    public ModelGraphs with(ModelGraph newEncoder, ModelGraph newHead) {
        return new ModelGraphs(newEncoder, newHead, maxWidth, vocabularySize, maxRowTokens, sha256, samples);
    }

    /**
     * Refuses weights that were written to since they were verified; an engine asks for this when it has opened the model.
     *
     * @throws EngineException naming the file
     */
    public void requireUnchanged() throws EngineException {
        encoder.requireUnchanged();
        head.requireUnchanged();
    }
}
