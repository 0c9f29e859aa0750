package io.nuner.server.documents;

import io.nuner.engine.RowLogits;
import io.nuner.engine.TokenRow;
import io.nuner.engine.testing.Scoring;
import io.nuner.model.decode.DecodeOptions;
import io.nuner.model.decode.EntitySpan;
import io.nuner.model.decode.Merging;
import io.nuner.model.decode.SpanDecoder;
import io.nuner.model.text.WordSplitter;
import io.nuner.model.text.Words;
import io.nuner.v1.ExtractOptions;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.MergePolicy;
import java.util.List;

/**
 * Scores that depend on the words of a span and the label alone, so that a text has the same in one piece and in windows.
 * Immutable. Any thread.
 *
 * @param maxWidth words of the longest span
 */
record WordScores(int maxWidth) implements Scoring {
    @Override
    public float score(TokenRow row, int start, int width, int label) {
        int hash = label;
        for (int word = start; word <= start + width; word++) {
            hash = hash * 31 + row.tokenId(row.wordToken(word));
        }
        return score(hash);
    }

    private float score(Words words, int start, int width, int label) {
        int hash = label;
        for (int word = start; word <= start + width; word++) {
            hash = hash * 31 + words.word(word).hashCode();
        }
        return score(hash);
    }

    /** The finalizer of MurmurHash3, so that neighbours differ; between -6 and 2. */
    private static float score(int hash) {
        int mixed = (hash ^ (hash >>> 16)) * 0x85ebca6b;
        mixed = (mixed ^ (mixed >>> 13)) * 0xc2b2ae35;
        mixed ^= mixed >>> 16;
        return mixed / (float) (1L << 29) - 2;
    }

    /** The entities of a whole text in one piece, in UTF-16 units. */
    List<EntitySpan> entities(ExtractRequest request) {
        Words words = WordSplitter.split(request.getText());
        int labels = request.getLabelsCount();
        float[] scores = new float[words.count() * maxWidth * labels];
        for (int at = 0; at < scores.length; at++) {
            int start = at / labels / maxWidth;
            int width = at / labels % maxWidth;
            scores[at] = start + width < words.count() ? score(words, start, width, at % labels) : Float.NaN;
        }
        return SpanDecoder.decode(
                RowLogits.wrap(words.count(), maxWidth, labels, scores), words, options(request.getOptions()));
    }

    private static DecodeOptions options(ExtractOptions options) {
        Merging merging = options.getMergePolicy() == MergePolicy.MERGE_POLICY_ADJACENT
                ? Merging.ADJACENT
                : options.getMergePolicy() == MergePolicy.MERGE_POLICY_CONSECUTIVE ? Merging.CONSECUTIVE : Merging.NONE;
        return new DecodeOptions(
                options.hasThreshold() ? options.getThreshold() : 0.5f,
                options.getMultiLabel(),
                !options.hasFlatNer() || options.getFlatNer(),
                merging);
    }
}
