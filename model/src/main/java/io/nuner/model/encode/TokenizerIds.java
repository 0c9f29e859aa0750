package io.nuner.model.encode;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.Reader;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reader of the ids in a tokenizer.json, which passes over all else. One thread, one file. */
final class TokenizerIds {
    private final Map<String, Integer> added = new LinkedHashMap<>();
    private int end;

    private TokenizerIds() {}

    /** Reads to the end of the JSON text. */
    static TokenizerIds read(Reader tokenizerJson) throws IOException {
        TokenizerIds ids = new TokenizerIds();
        JsonReader json = new JsonReader(tokenizerJson);
        json.beginObject();
        while (json.hasNext()) {
            switch (json.nextName()) {
                case "added_tokens" -> ids.readAddedTokens(json);
                case "model" -> ids.readModel(json);
                default -> json.skipValue();
            }
        }
        json.endObject();
        return ids;
    }

    /** Ids of the added tokens by token, in the order of the file. */
    Map<String, Integer> added() {
        return added;
    }

    /** All ids are below this. */
    int end() {
        return end;
    }

    private void readAddedTokens(JsonReader json) throws IOException {
        json.beginArray();
        while (json.hasNext()) {
            readAddedToken(json);
        }
        json.endArray();
    }

    private void readAddedToken(JsonReader json) throws IOException {
        String content = "";
        int id = -1;
        json.beginObject();
        while (json.hasNext()) {
            switch (json.nextName()) {
                case "id" -> id = json.nextInt();
                case "content" -> content = json.nextString();
                default -> json.skipValue();
            }
        }
        json.endObject();
        added.put(content, id);
        see(id);
    }

    private void readModel(JsonReader json) throws IOException {
        json.beginObject();
        while (json.hasNext()) {
            if (json.nextName().equals("vocab")) {
                readVocabulary(json);
            } else {
                json.skipValue();
            }
        }
        json.endObject();
    }

    /** A list of tokens, whose ids are their places, or an object of ids by token. */
    private void readVocabulary(JsonReader json) throws IOException {
        if (json.peek() == JsonToken.BEGIN_ARRAY) {
            json.beginArray();
            for (int id = 0; json.hasNext(); id++) {
                json.skipValue();
                see(id);
            }
            json.endArray();
        } else {
            json.beginObject();
            while (json.hasNext()) {
                json.skipValue(); // the token
                see(json.nextInt());
            }
            json.endObject();
        }
    }

    private void see(int id) {
        end = Math.max(end, id + 1);
    }
}
