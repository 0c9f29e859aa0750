package io.nuner.model.encode;

import io.nuner.model.text.Words;
import java.util.List;

/**
 * Encoder of requests as gliner 0.1.12 builds them (model.py:216-232): the opening token, for each label its marker and the
 * label as one word, the end of the prompt, the words, the closing token. Any thread.
 */
public final class RequestEncoder {
    private static final int FRAME_TOKENS = 3;

    private final SubwordTokenizer tokenizer;

    /** Uses the tokenizer without owning it. */
    public RequestEncoder(SubwordTokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /**
     * Encodes words that are already cut to the model's limit.
     *
     * @param promptLabels labels as {@link LabelRules#toPrompt} gives them, none of them refused by {@link LabelRules#check}
     * @throws IllegalArgumentException if there is no word or no label, or a label spells a token of the model
     * @throws IllegalStateException if the tokenizer is closed
     */
    public EncodedRequest encode(Words words, List<String> promptLabels) {
        int labels = promptLabels.size();
        if (words.count() == 0 || labels == 0) {
            throw new IllegalArgumentException(
                    words.count() + " words and " + labels + " labels: both need at least one");
        }
        int[][] pieces = tokenizer.pieces(labelsThenWords(promptLabels, words));
        requireNoReservedToken(pieces, labels);
        return assemble(words, labels, pieces);
    }

    private EncodedRequest assemble(Words words, int labels, int[][] pieces) {
        SpecialTokens special = tokenizer.specialTokens();
        RowAssembly row = new RowAssembly(FRAME_TOKENS + labels + total(pieces), labels, words.count());
        row.token(special.opening());
        for (int label = 0; label < labels; label++) {
            row.label(special.labelMarker(), pieces[label]);
        }
        row.token(special.promptEnd());
        int promptTokens = row.length();
        for (int word = labels; word < pieces.length; word++) {
            row.word(pieces[word]);
        }
        row.token(special.closing());
        return new EncodedRequest(words, row.row(), promptTokens, row.length() - promptTokens);
    }

    private static String[] labelsThenWords(List<String> labels, Words words) {
        String[] all = labels.toArray(new String[labels.size() + words.count()]);
        for (int word = 0; word < words.count(); word++) {
            all[labels.size() + word] = words.word(word);
        }
        return all;
    }

    private void requireNoReservedToken(int[][] pieces, int labels) {
        for (int label = 0; label < labels; label++) {
            for (int id : pieces[label]) {
                if (tokenizer.isReserved(id)) {
                    throw new IllegalArgumentException("label " + label + " spells a token of the model");
                }
            }
        }
    }

    private static int total(int[][] pieces) {
        int total = 0;
        for (int[] word : pieces) {
            total += word.length;
        }
        return total;
    }
}
