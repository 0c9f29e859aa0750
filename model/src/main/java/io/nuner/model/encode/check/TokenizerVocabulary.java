package io.nuner.model.encode.check;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The model of a tokenizer.json, copied while it is checked: a list of pieces with scores, or words with ids. One thread. */
final class TokenizerVocabulary {
    private static final String UNIGRAM = "Unigram";
    private static final String WORD_PIECE = "WordPiece";
    private static final int MOST_PIECES = 1 << 20;
    private static final int LONGEST_PIECE = 512;
    private static final int LONGEST_WORD = 1000;
    private static final int LONGEST_PREFIX = 16;
    private static final double HIGHEST_SCORE = 1e9;

    private final JsonReader json;
    private final JsonWriter copy;
    private final Set<String> keys = new HashSet<>();
    private final Map<String, Integer> ids = new HashMap<>();
    private int end;
    private int pieces;
    private String type = "";
    private String unknownToken = "";
    private int unknownId = -1;
    private boolean hasScores;

    private TokenizerVocabulary(JsonReader json, JsonWriter copy) {
        this.json = json;
        this.copy = copy;
    }

    /** Copies the model from the reader's position. */
    static TokenizerVocabulary copy(JsonReader json, JsonWriter copy) throws IOException, TokenizerRefused {
        TokenizerVocabulary vocabulary = new TokenizerVocabulary(json, copy);
        vocabulary.copy();
        return vocabulary;
    }

    /** Ids by piece. */
    Map<String, Integer> ids() {
        return ids;
    }

    /** All ids are below this. */
    int end() {
        return end;
    }

    private void copy() throws IOException, TokenizerRefused {
        json.beginObject();
        copy.beginObject();
        while (json.hasNext()) {
            String key = json.nextName();
            require(keys.add(key), "model has the key " + TokenizerRefused.quote(key) + " twice");
            value(key);
        }
        json.endObject();
        if (type.isEmpty()) { // in the first versions of the format
            require(!hasScores, "model has no type");
            type(WORD_PIECE);
        }
        copy.endObject();
        requireComplete();
    }

    private void value(String key) throws IOException, TokenizerRefused {
        switch (key) {
            case "type" -> type(text(key, LONGEST_PIECE));
            case "vocab" -> vocabulary();
            case "unk_id" -> {
                unknownId = number("model.unk_id", 0, MOST_PIECES);
                copy.name(key).value(unknownId);
            }
            case "byte_fallback" -> copy.name(key).value(json.nextBoolean());
            case "unk_token" -> {
                unknownToken = text(key, LONGEST_PIECE);
                copy.name(key).value(unknownToken);
            }
            case "continuing_subword_prefix" -> copy.name(key).value(text(key, LONGEST_PREFIX));
            case "max_input_chars_per_word" -> copy.name(key).value(number("model." + key, 1, LONGEST_WORD));
            default -> throw new TokenizerRefused("model has the unknown key " + TokenizerRefused.quote(key));
        }
    }

    private void type(String found) throws IOException, TokenizerRefused {
        require(
                List.of(UNIGRAM, WORD_PIECE).contains(found),
                "model " + TokenizerRefused.quote(found) + " is not supported: no encoder that we implement has it");
        type = found;
        copy.name("type").value(found);
    }

    private void requireComplete() throws TokenizerRefused {
        require(keys.contains("vocab"), "model has no vocab");
        require(hasScores == type.equals(UNIGRAM), "model.vocab is not the one of a " + type);
        if (hasScores) {
            requireOnly("unk_id", "byte_fallback");
            require(unknownId >= 0 && unknownId < pieces, "model.unk_id is none of its " + pieces + " pieces");
        } else {
            requireOnly("unk_token", "continuing_subword_prefix", "max_input_chars_per_word");
            require(ids.containsKey(unknownToken), "model.unk_token is none of its words");
        }
    }

    private void requireOnly(String... own) throws TokenizerRefused {
        Set<String> others = new HashSet<>(keys);
        others.removeAll(Set.of(own));
        others.removeAll(Set.of("type", "vocab"));
        require(others.isEmpty(), "model " + type + " has the unknown keys " + others);
    }

    private void vocabulary() throws IOException, TokenizerRefused {
        copy.name("vocab");
        hasScores = json.peek() == JsonToken.BEGIN_ARRAY;
        if (hasScores) {
            scores();
        } else {
            words();
        }
    }

    private void scores() throws IOException, TokenizerRefused {
        json.beginArray();
        copy.beginArray();
        while (json.hasNext()) {
            json.beginArray();
            String piece = json.nextString();
            copy.beginArray().value(piece).value(score()).endArray();
            json.endArray();
            piece(piece, pieces);
        }
        json.endArray();
        copy.endArray();
    }

    /** Copies the digits unchanged, so that no other reader rounds them differently. */
    private Number score() throws IOException, TokenizerRefused {
        require(json.peek() == JsonToken.NUMBER, "model.vocab has a score that is no number");
        BigDecimal score = new BigDecimal(json.nextString());
        require(Math.abs(score.doubleValue()) <= HIGHEST_SCORE, "model.vocab has a score beyond " + HIGHEST_SCORE);
        return score;
    }

    private void words() throws IOException, TokenizerRefused {
        json.beginObject();
        copy.beginObject();
        while (json.hasNext()) {
            String word = json.nextName();
            int id = number("an id of model.vocab", 0, MOST_PIECES - 1);
            copy.name(word).value(id);
            piece(word, id);
        }
        json.endObject();
        copy.endObject();
    }

    private void piece(String piece, int id) throws TokenizerRefused {
        require(
                piece.length() <= LONGEST_PIECE,
                "model.vocab has a piece of more than " + LONGEST_PIECE + " characters");
        pieces++;
        require(pieces <= MOST_PIECES, "model.vocab has more than " + MOST_PIECES + " pieces");
        ids.put(piece, id);
        end = Math.max(end, id + 1);
    }

    private String text(String key, int longest) throws IOException, TokenizerRefused {
        require(json.peek() == JsonToken.STRING, "model." + key + " is no text");
        String text = json.nextString();
        require(text.length() <= longest, "model." + key + " has more than " + longest + " characters");
        return text;
    }

    private int number(String name, int least, int most) throws IOException, TokenizerRefused {
        require(json.peek() == JsonToken.NUMBER, name + " is no number");
        String digits = json.nextString();
        try {
            int number = Integer.parseInt(digits);
            require(number >= least && number <= most, name + " is " + digits + ", expected " + least + " to " + most);
            return number;
        } catch (NumberFormatException e) {
            throw new TokenizerRefused(
                    name + " is " + TokenizerRefused.quote(digits) + ", expected " + least + " to " + most);
        }
    }

    private static void require(boolean holds, String otherwise) throws TokenizerRefused {
        if (!holds) {
            throw new TokenizerRefused(otherwise);
        }
    }
}
