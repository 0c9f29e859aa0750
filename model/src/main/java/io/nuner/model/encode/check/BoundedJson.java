package io.nuner.model.encode.check;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.gson.stream.JsonReader;
import java.io.IOException;
import java.math.BigDecimal;

/** Reader of a small part of a tokenizer.json: a limited number of values, and no key twice. One thread, one part. */
final class BoundedJson {
    private static final int MOST_VALUES = 16_384;

    private final String place;
    private final JsonReader json;
    private int values;

    private BoundedJson(String place, JsonReader json) {
        this.place = place;
        this.json = json;
    }

    /** Reads one value. */
    static JsonElement read(String place, JsonReader json) throws IOException, TokenizerRefused {
        return new BoundedJson(place, json).value();
    }

    private JsonElement value() throws IOException, TokenizerRefused {
        values++;
        if (values > MOST_VALUES) {
            throw new TokenizerRefused(place + " has more than " + MOST_VALUES + " values");
        }
        return switch (json.peek()) {
            case BEGIN_OBJECT -> object();
            case BEGIN_ARRAY -> array();
            case STRING -> new JsonPrimitive(json.nextString());
            case NUMBER -> new JsonPrimitive(new BigDecimal(json.nextString()));
            case BOOLEAN -> new JsonPrimitive(json.nextBoolean());
            default -> nothing();
        };
    }

    private JsonElement nothing() throws IOException {
        json.nextNull();
        return JsonNull.INSTANCE;
    }

    private JsonArray array() throws IOException, TokenizerRefused {
        JsonArray array = new JsonArray();
        json.beginArray();
        while (json.hasNext()) {
            array.add(value());
        }
        json.endArray();
        return array;
    }

    private JsonObject object() throws IOException, TokenizerRefused {
        JsonObject object = new JsonObject();
        json.beginObject();
        while (json.hasNext()) {
            String key = json.nextName();
            if (object.has(key)) {
                throw new TokenizerRefused(place + " has the key " + TokenizerRefused.quote(key) + " twice");
            }
            object.add(key, value());
        }
        json.endObject();
        return object;
    }
}
