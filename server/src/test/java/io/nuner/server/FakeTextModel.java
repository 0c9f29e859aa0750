package io.nuner.server;

import io.nuner.engine.TokenRow;
import io.nuner.model.encode.EncodedRequest;
import io.nuner.model.encode.LabelRules;
import io.nuner.model.encode.LabelRules.LabelProblem;
import io.nuner.model.encode.Prompt;
import io.nuner.model.encode.TextEncoder;
import io.nuner.model.encode.WordPieces;
import io.nuner.model.text.Words;
import io.nuner.server.texts.TextModel;
import io.nuner.v1.MergePolicy;
import io.nuner.v1.ModelInfo;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** A text side without a tokenizer: one token for each word and two for each label. Immutable. Any thread. */
public final class FakeTextModel implements TextModel {
    static final int MAX_WORDS = 384;

    private final LabelRules rules = new LabelRules();

    @Override
    public ModelInfo info() {
        return ModelInfo.newBuilder()
                .setName("fake")
                .setMaxWidth(1)
                .setDefaultMergePolicy(MergePolicy.MERGE_POLICY_NONE)
                .build();
    }

    @Override
    public int maxWords() {
        return MAX_WORDS;
    }

    @Override
    public List<String> forbiddenSubstrings() {
        return rules.forbiddenSubstrings();
    }

    @Override
    public Optional<LabelProblem> check(List<String> labels) {
        return rules.check(labels);
    }

    /** One token for each label. */
    @Override
    public Prompt prompt(List<String> labels) {
        int[][] pieces = labels.stream()
                .map(label -> new int[] {rules.toPrompt(label).hashCode()})
                .toArray(int[][]::new);
        return Prompt.of(pieces, id -> false);
    }

    @Override
    public TextEncoder encoder() {
        return new FakeEncoder();
    }

    /** One token for each word. */
    private record FakeEncoder() implements TextEncoder {
        @Override
        public WordPieces pieces(Words words) {
            return WordPieces.of(IntStream.range(0, words.count())
                    .mapToObj(word -> new int[] {words.word(word).hashCode()})
                    .toArray(int[][]::new));
        }

        /** Opening token, marker and name of each label, separator, words, closing token. */
        @Override
        public EncodedRequest encode(Words words, WordPieces pieces, Prompt prompt) {
            int promptTokens = 2 + 2 * prompt.labels();
            int textTokens = words.count() + 1;
            int[] ids = new int[promptTokens + textTokens];
            int[] wordTokens = new int[words.count()];
            int[] labelTokens = IntStream.range(0, prompt.labels())
                    .map(label -> 1 + 2 * label)
                    .toArray();
            for (int word = 0; word < words.count(); word++) {
                wordTokens[word] = promptTokens + word;
                ids[promptTokens + word] = words.word(word).hashCode();
            }
            return new EncodedRequest(words, TokenRow.copyOf(ids, wordTokens, labelTokens), promptTokens, textTokens);
        }
    }
}
