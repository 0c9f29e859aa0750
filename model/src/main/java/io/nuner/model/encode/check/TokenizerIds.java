package io.nuner.model.encode.check;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonPrimitive;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The ids of a tokenizer.json: those of its vocabulary and those it adds. Immutable. */
public final class TokenizerIds {
    private static final String PLACE = "added_tokens";
    private static final int MOST = 1024;
    private static final int LONGEST = 256;
    private static final int MOST_IDS = 1 << 20;

    private final Map<String, Integer> added;
    private final Map<String, Integer> vocabulary;
    private final int end;

    private TokenizerIds(Map<String, Integer> added, TokenizerVocabulary vocabulary) {
        this.added = added;
        this.vocabulary = vocabulary.ids();
        int addedEnd = added.values().stream().mapToInt(id -> id + 1).max().orElse(0);
        end = Math.max(vocabulary.end(), addedEnd);
    }

    /** Checks the added tokens. */
    static TokenizerIds of(JsonElement addedTokens, TokenizerVocabulary vocabulary) throws TokenizerRefused {
        if (!(addedTokens instanceof JsonArray tokens)) {
            throw new TokenizerRefused(PLACE + " is no list");
        }
        if (tokens.size() > MOST) {
            throw new TokenizerRefused(PLACE + " has more than " + MOST + " tokens");
        }
        Map<String, Integer> added = new LinkedHashMap<>();
        for (JsonElement token : tokens) {
            add(JsonPart.of(PLACE, token), added);
        }
        return new TokenizerIds(added, vocabulary);
    }

    private static void add(JsonPart token, Map<String, Integer> added) throws TokenizerRefused {
        token.requireOnly(Set.of("id", "content", "single_word", "lstrip", "rstrip", "normalized", "special"));
        for (String flag : Set.of("single_word", "lstrip", "rstrip", "normalized", "special")) {
            token.requirePresentFlag(flag);
        }
        String content = token.text("content", LONGEST);
        if (content.isBlank() || content.chars().anyMatch(Character::isISOControl)) {
            throw new TokenizerRefused(PLACE + " has a token that is blank or holds a control character");
        }
        if (added.put(content, id(token)) != null) {
            throw new TokenizerRefused(PLACE + " has the token " + TokenizerRefused.quote(content) + " twice");
        }
    }

    private static int id(JsonPart token) throws TokenizerRefused {
        if (token.values().get("id") instanceof JsonPrimitive id && id.isNumber()) {
            double number = id.getAsDouble();
            if (number >= 0 && number < MOST_IDS && number == Math.rint(number)) {
                return (int) number;
            }
        }
        throw new TokenizerRefused(PLACE + ".id is not a number from 0 to " + (MOST_IDS - 1));
    }

    /** Ids of the added tokens by token, in the order of the file. */
    public Map<String, Integer> added() {
        return added;
    }

    /** All ids are below this. */
    public int end() {
        return end;
    }

    /**
     * Refuses ids that the native library would number otherwise: it ignores the ids of added tokens in the file, and numbers
     * them in the order of the file, behind all others.
     */
    void requireOwnNumbers() throws TokenizerRefused {
        Map<String, Integer> given = new LinkedHashMap<>();
        for (Map.Entry<String, Integer> token : added.entrySet()) {
            int id = vocabulary.getOrDefault(token.getKey(), next(given));
            given.put(token.getKey(), id);
            if (id != token.getValue()) {
                throw new TokenizerRefused(PLACE + " says that " + TokenizerRefused.quote(token.getKey())
                        + " has the id " + token.getValue()
                        + ", but tokens are numbered in their order, which makes it "
                        + id);
            }
        }
    }

    private int next(Map<String, Integer> given) {
        int highest = given.values().stream().mapToInt(Integer::intValue).max().orElse(-1);
        return Math.max(highest + 1, vocabulary.size());
    }

    /** The unused id in front of a token, which a further token may take; -1 if there is none. */
    public int holeBefore(String token) {
        int id = added.getOrDefault(token, 0) - 1;
        boolean taken = id < 0 || added.containsValue(id) || vocabulary.containsValue(id);
        return taken ? -1 : id;
    }
}
