package io.nuner.model.encode;

import io.nuner.model.text.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Encoder of requests as gliner 0.1.12 builds them (model.py:216-232): the opening token, for each label its marker and the
 * label as one word, the end of the prompt, the words, the closing token. Any thread.
 */
public final class RequestEncoder implements TextEncoder {
    private final SubwordTokenizer tokenizer;

    /** Uses the tokenizer without owning it. */
    public RequestEncoder(SubwordTokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /**
     * Labels as the model reads them.
     *
     * @param labels as {@link LabelRules#toPrompt} gives them, none of them refused by {@link LabelRules#check}
     * @throws IllegalStateException if the tokenizer is closed
     */
    public Prompt prompt(List<String> labels) {
        return Prompt.of(tokenizer.pieces(labels.toArray(new String[0])), tokenizer::isReserved);
    }

    /** The same without the labels that have a problem, as happens with a small vocabulary. */
    public Prompt distinctPrompt(List<String> labels) {
        List<String> left = new ArrayList<>(labels);
        Prompt prompt = prompt(left);
        while (prompt.problem().isPresent()) {
            left.remove(prompt.problem().get().index());
            prompt = prompt(left);
        }
        return prompt;
    }

    /** Encodes words that are already cut to the model's limit, with the labels that {@link #prompt} takes. */
    public EncodedRequest encode(Words words, List<String> labels) {
        return encode(words, prompt(labels));
    }

    /**
     * Encodes words that are already cut to the model's limit.
     *
     * @throws IllegalArgumentException if there is no word or no label, or the prompt has a problem
     * @throws IllegalStateException if the tokenizer is closed
     */
    public EncodedRequest encode(Words words, Prompt prompt) {
        return encode(words, pieces(words), prompt);
    }

    @Override
    public WordPieces pieces(Words words) {
        String[] all = IntStream.range(0, words.count()).mapToObj(words::word).toArray(String[]::new);
        return WordPieces.of(tokenizer.pieces(all));
    }

    @Override
    public EncodedRequest encode(Words words, WordPieces pieces, Prompt prompt) {
        if (words.count() == 0 || prompt.labels() == 0) {
            throw new IllegalArgumentException(
                    words.count() + " words and " + prompt.labels() + " labels: both need at least one");
        }
        prompt.problem().ifPresent(problem -> {
            throw new IllegalArgumentException("labels[" + problem.index() + "] " + problem.fault("labels"));
        });
        return assemble(words, pieces, prompt);
    }

    private EncodedRequest assemble(Words words, WordPieces pieces, Prompt prompt) {
        SpecialTokens special = tokenizer.specialTokens();
        int labels = prompt.labels();
        RowAssembly row = new RowAssembly(prompt.rowTokens() + pieces.tokens() + 1, labels, words.count());
        row.token(special.opening());
        for (int label = 0; label < labels; label++) {
            row.label(special.labelMarker(), prompt.pieces(label));
        }
        row.token(special.promptEnd());
        int promptTokens = row.length();
        for (int word = 0; word < words.count(); word++) {
            row.word(pieces.of(word));
        }
        row.token(special.closing());
        return new EncodedRequest(words, row.row(), promptTokens, row.length() - promptTokens);
    }
}
