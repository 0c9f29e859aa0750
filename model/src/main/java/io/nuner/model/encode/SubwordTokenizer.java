package io.nuner.model.encode;

import io.nuner.model.ModelException;
import io.nuner.model.RegularFile;
import io.nuner.model.encode.check.CheckedTokenizer;
import io.nuner.model.encode.check.TokenizerIds;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Words to vocabulary ids, by the rules of a tokenizer.json. Any thread.
 *
 * <p>Each word is tokenised on its own, so its ids are cached; words and labels share one bounded
 * cache. Time is linear in the length of the words, long words included (measured up to a million characters). Owns native
 * memory until closed; a call after that is refused.
 */
public final class SubwordTokenizer implements AutoCloseable {
    /** Longer words are not cached: they are rare. */
    private static final int LONGEST_REMEMBERED_WORD = 64;

    private static final int REMEMBERED_WORDS = 16_384;

    private final NativeTokenizer tokenizer;
    private final SpecialTokens specialTokens;
    private final int endOfIds;
    private final Set<Integer> reservedIds;
    private final GenerationalCache<String, int[]> remembered = new GenerationalCache<>(REMEMBERED_WORDS);

    private SubwordTokenizer(NativeTokenizer tokenizer, SpecialTokens specialTokens, TokenizerIds ids) {
        this.tokenizer = tokenizer;
        this.specialTokens = specialTokens;
        endOfIds = ids.end();
        reservedIds = reservedIds(ids.added());
    }

    /**
     * Reads a tokenizer.json.
     *
     * @throws ModelException if it cannot be read, has a part that is not supported or lacks one of the tokens that frame a row,
     *     or the native library is missing
     */
    public static SubwordTokenizer open(Path tokenizerJson) throws ModelException {
        return open(tokenizerJson, RegularFile.read(tokenizerJson, CheckedTokenizer.MAX_BYTES));
    }

    /** As above, from the content of the file. */
    public static SubwordTokenizer open(Path tokenizerJson, byte[] content) throws ModelException {
        return open(tokenizerJson, CheckedTokenizer.of(tokenizerJson, content));
    }

    private static SubwordTokenizer open(Path file, CheckedTokenizer checked) throws ModelException {
        checked.requireOwnNumbers(file);
        SpecialTokens special = specialTokens(file, checked.ids().added());
        TokenizerLibrary.load();
        try {
            return new SubwordTokenizer(new NativeTokenizer(checked.json()), special, checked.ids());
        } catch (RuntimeException e) {
            throw new ModelException(file + " is no readable tokenizer: " + e.getMessage(), e);
        }
    }

    /** Ids of the tokens that frame a row. */
    public SpecialTokens specialTokens() {
        return specialTokens;
    }

    /** All ids it gives are below this. */
    public int endOfIds() {
        return endOfIds;
    }

    @Override
    public void close() {
        tokenizer.close();
    }

    /** True for the id of a token that no text may spell. */
    boolean isReserved(int id) {
        return reservedIds.contains(id);
    }

    /** The ids of each word; none for a word that the normaliser leaves empty. The caller must not change the arrays. */
    int[][] pieces(String[] words) {
        int[][] pieces = new int[words.length][];
        Map<String, Integer> unknown = new HashMap<>();
        for (int word = 0; word < words.length; word++) {
            int[] known = recall(words[word]);
            if (known == null) {
                unknown.putIfAbsent(words[word], unknown.size());
            } else {
                pieces[word] = known;
            }
        }
        if (!unknown.isEmpty()) {
            fillIn(words, pieces, unknown);
        }
        return pieces;
    }

    private int @Nullable [] recall(String word) {
        return word.length() > LONGEST_REMEMBERED_WORD ? null : remembered.get(word);
    }

    /** Tokenises each unknown word once, with one native call for all of them. */
    private void fillIn(String[] words, int[][] pieces, Map<String, Integer> unknown) {
        String[] distinct = new String[unknown.size()];
        unknown.forEach((word, index) -> distinct[index] = word);
        int[][] encoded = tokenizer.encode(distinct);
        for (int word = 0; word < words.length; word++) {
            Integer index = unknown.get(words[word]);
            if (index != null) {
                pieces[word] = encoded[index];
            }
        }
        for (int index = 0; index < distinct.length; index++) {
            remember(distinct[index], encoded[index]);
        }
    }

    private void remember(String word, int[] pieces) {
        if (word.length() <= LONGEST_REMEMBERED_WORD) {
            remembered.put(word, pieces);
        }
    }

    private static SpecialTokens specialTokens(Path file, Map<String, Integer> added) throws ModelException {
        List<Integer> ids = new ArrayList<>();
        for (String token :
                List.of(AddedToken.OPENING, AddedToken.CLOSING, AddedToken.LABEL_MARKER, AddedToken.PROMPT_END)) {
            Integer id = added.get(token);
            if (id == null) {
                throw new ModelException(file + " has no token " + token);
            }
            ids.add(id);
        }
        return new SpecialTokens(ids.get(0), ids.get(1), ids.get(2), ids.get(3));
    }

    /** Every added token but [UNK], the token of any unknown character. */
    private static Set<Integer> reservedIds(Map<String, Integer> added) {
        return added.entrySet().stream()
                .filter(token -> !token.getKey().equals(AddedToken.UNKNOWN))
                .map(Map.Entry::getValue)
                .collect(Collectors.toUnmodifiableSet());
    }
}
