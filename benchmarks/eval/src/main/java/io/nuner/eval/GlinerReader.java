package io.nuner.eval;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads GLiNER's JSON: an array of objects, or one object on each line, with {@code tokenized_text}, an array of strings,
 * and {@code ner}, an array of {@code [start, end, type]} with token numbers, the end included. Other fields do not count.
 */
final class GlinerReader {
    private static final String TOKENS = "tokenized_text";
    private static final String ENTITIES = "ner";

    private GlinerReader() {}

    static boolean looksRight(String content) {
        String start = content.stripLeading();
        return start.startsWith("[") || start.startsWith("{");
    }

    static List<Sentence> read(String file, String content) throws DataException {
        return content.stripLeading().startsWith("[") ? array(file, content) : lines(file, content);
    }

    private static List<Sentence> array(String file, String content) throws DataException {
        List<Sentence> sentences = new ArrayList<>();
        try (JsonReader json = strict(content)) {
            json.beginArray();
            while (json.hasNext()) {
                String place = file + ", entry " + (sentences.size() + 1) + ",";
                sentences.add(sentence(JsonParser.parseReader(json), place));
            }
            json.endArray();
            requireEnd(json, file);
        } catch (IOException | JsonParseException | IllegalStateException e) {
            throw new DataException(file + ", entry " + (sentences.size() + 1) + ",", "is not valid JSON", e);
        }
        return sentences;
    }

    private static List<Sentence> lines(String file, String content) throws DataException {
        List<Sentence> sentences = new ArrayList<>();
        int number = 0;
        for (String line : content.lines().toList()) {
            number++;
            if (!line.isBlank()) {
                sentences.add(sentence(line, file + ":" + number));
            }
        }
        return sentences;
    }

    private static Sentence sentence(String line, String place) throws DataException {
        try (JsonReader json = strict(line)) {
            JsonElement element = JsonParser.parseReader(json);
            requireEnd(json, place);
            return sentence(element, place);
        } catch (IOException | JsonParseException e) {
            throw new DataException(place, "is not valid JSON", e);
        }
    }

    private static JsonReader strict(String content) {
        JsonReader json = new JsonReader(new StringReader(content));
        json.setStrictness(Strictness.STRICT);
        return json;
    }

    private static void requireEnd(JsonReader json, String place) throws IOException, DataException {
        if (json.peek() != JsonToken.END_DOCUMENT) {
            throw new DataException(place, "goes on after the end of its JSON");
        }
    }

    private static Sentence sentence(JsonElement element, String place) throws DataException {
        if (!(element instanceof JsonObject entry)) {
            throw new DataException(place, "is no JSON object");
        }
        List<String> tokens = new ArrayList<>();
        for (JsonElement token : array(entry, TOKENS, place)) {
            tokens.add(token(token, place + " " + TOKENS + "[" + tokens.size() + "]"));
        }
        List<TokenSpan> entities = new ArrayList<>();
        for (JsonElement entity : array(entry, ENTITIES, place)) {
            entities.add(entity(entity, tokens.size(), place + " " + ENTITIES + "[" + entities.size() + "]"));
        }
        return new Sentence(tokens, entities, place);
    }

    private static JsonArray array(JsonObject entry, String field, String place) throws DataException {
        if (entry.get(field) instanceof JsonArray array) {
            return array;
        }
        throw new DataException(place, "needs an array " + field);
    }

    private static String token(JsonElement token, String place) throws DataException {
        if (isText(token) && !token.getAsString().isEmpty()) {
            return token.getAsString();
        }
        throw new DataException(place, "must be a string that is not empty");
    }

    private static TokenSpan entity(JsonElement entity, int tokens, String place) throws DataException {
        boolean wellFormed = entity instanceof JsonArray parts
                && parts.size() == 3
                && isNumber(parts.get(0), tokens)
                && isNumber(parts.get(1), tokens)
                && parts.get(0).getAsInt() <= parts.get(1).getAsInt()
                && isText(parts.get(2))
                && !parts.get(2).getAsString().isBlank();
        if (!wellFormed) {
            throw new DataException(place, "must be [start, end, type] with 0 <= start <= end < " + tokens);
        }
        JsonArray parts = entity.getAsJsonArray();
        return new TokenSpan(
                parts.get(0).getAsInt(),
                parts.get(1).getAsInt() + 1,
                parts.get(2).getAsString());
    }

    private static boolean isNumber(JsonElement element, int below) {
        if (!(element instanceof JsonPrimitive primitive) || !primitive.isNumber()) {
            return false;
        }
        double value = primitive.getAsDouble();
        return value >= 0 && value < below && value == Math.rint(value);
    }

    private static boolean isText(JsonElement element) {
        return element instanceof JsonPrimitive primitive && primitive.isString();
    }
}
