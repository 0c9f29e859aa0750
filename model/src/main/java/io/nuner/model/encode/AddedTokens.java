package io.nuner.model.encode;

import com.google.gson.stream.JsonReader;
import java.io.IOException;
import java.io.Reader;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reader of the tokens a tokenizer.json adds to its vocabulary. */
final class AddedTokens {
    static final String OPENING = "[CLS]";
    static final String CLOSING = "[SEP]";
    static final String PADDING = "[PAD]";
    static final String UNKNOWN = "[UNK]";
    static final String MASK = "[MASK]";
    static final String CONTEXT_SEPARATOR = "[FLERT]";
    static final String LABEL_MARKER = "<<ENT>>";
    static final String PROMPT_END = "<<SEP>>";

    private AddedTokens() {}

    /** Ids by token, in the order of the file. Reads to the end of the JSON text. */
    static Map<String, Integer> read(Reader tokenizerJson) throws IOException {
        Map<String, Integer> ids = new LinkedHashMap<>();
        JsonReader json = new JsonReader(tokenizerJson);
        json.beginObject();
        while (json.hasNext()) {
            if (json.nextName().equals("added_tokens")) {
                readTokens(json, ids);
            } else {
                json.skipValue();
            }
        }
        json.endObject();
        return ids;
    }

    private static void readTokens(JsonReader json, Map<String, Integer> ids) throws IOException {
        json.beginArray();
        while (json.hasNext()) {
            readToken(json, ids);
        }
        json.endArray();
    }

    private static void readToken(JsonReader json, Map<String, Integer> ids) throws IOException {
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
        ids.put(content, id);
    }
}
