package io.nuner.model.window;

import io.nuner.engine.TokenRow;
import io.nuner.model.encode.EncodedRequest;
import io.nuner.model.encode.Prompt;
import io.nuner.model.encode.TextEncoder;
import io.nuner.model.encode.WordPieces;
import io.nuner.model.text.Words;
import java.util.function.ToIntFunction;

/** An encoder without a tokenizer; it counts the words it tokenizes. One thread. */
public final class FakeEncoder implements TextEncoder {
    private final ToIntFunction<String> tokensOfWord;
    private int tokenized;

    /** Takes how many tokens a word has. */
    public FakeEncoder(ToIntFunction<String> tokensOfWord) {
        this.tokensOfWord = tokensOfWord;
    }

    /** A prompt of so many labels, each with so many tokens besides its marker. */
    public static Prompt prompt(int labels, int tokens) {
        int[][] pieces = new int[labels][tokens];
        for (int label = 0; label < labels; label++) {
            pieces[label][0] = label + 1;
        }
        return Prompt.of(pieces, id -> false);
    }

    /** Words tokenized so far. */
    int tokenized() {
        return tokenized;
    }

    @Override
    public WordPieces pieces(Words words) {
        int[][] pieces = new int[words.count()][];
        for (int word = 0; word < pieces.length; word++) {
            pieces[word] = new int[tokensOfWord.applyAsInt(words.word(word))];
        }
        tokenized += pieces.length;
        return WordPieces.of(pieces);
    }

    @Override
    public EncodedRequest encode(Words words, WordPieces pieces, Prompt prompt) {
        int tokens = prompt.rowTokens() + pieces.tokens() + 1;
        int[] wordTokens = new int[words.count()];
        int at = prompt.rowTokens();
        for (int word = 0; word < wordTokens.length; word++) {
            wordTokens[word] = pieces.tokens(word) == 0 ? TokenRow.NO_TOKEN : at;
            at += pieces.tokens(word);
        }
        TokenRow row = TokenRow.copyOf(new int[tokens], wordTokens, new int[prompt.labels()]);
        return new EncodedRequest(words, row, prompt.rowTokens(), tokens - prompt.rowTokens());
    }
}
