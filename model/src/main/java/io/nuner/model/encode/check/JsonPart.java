package io.nuner.model.encode.check;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A typed object of a tokenizer.json with its place in the file, which every refusal names. Immutable. */
record JsonPart(String place, JsonObject values) {
    private static final String TYPE = "type";

    static JsonPart of(String place, JsonElement element) throws TokenizerRefused {
        if (!element.isJsonObject()) {
            throw new TokenizerRefused(place + " is no object");
        }
        return new JsonPart(place, element.getAsJsonObject());
    }

    String type() throws TokenizerRefused {
        return text(TYPE);
    }

    /** The refusal of this part because of its type. */
    TokenizerRefused unsupported() throws TokenizerRefused {
        return new TokenizerRefused(place + " " + TokenizerRefused.quote(type())
                + " is not supported: no encoder that we implement has it");
    }

    void requireOnly(Set<String> keys) throws TokenizerRefused {
        for (String key : values.keySet()) {
            if (!key.equals(TYPE) && !keys.contains(key)) {
                throw new TokenizerRefused(place + " has the unknown key " + TokenizerRefused.quote(key));
            }
        }
    }

    String text(String key) throws TokenizerRefused {
        if (!(values.get(key) instanceof JsonPrimitive value) || !value.isString()) {
            throw new TokenizerRefused(place + "." + key + " is no text");
        }
        return value.getAsString();
    }

    String text(String key, int longest) throws TokenizerRefused {
        String text = text(key);
        if (text.length() > longest) {
            throw new TokenizerRefused(place + "." + key + " has more than " + longest + " characters");
        }
        return text;
    }

    /** Refuses keys other than these, and values of them that are not true, false, null or absent. */
    void requireFlags(String... keys) throws TokenizerRefused {
        requireOnly(Set.of(keys));
        for (String key : keys) {
            requireFlag(key);
        }
    }

    void requireFlag(String key) throws TokenizerRefused {
        JsonElement value = values.get(key);
        boolean absent = value == null || value.isJsonNull();
        if (!absent && !isFlag(value)) {
            throw new TokenizerRefused(place + "." + key + " is neither true nor false");
        }
    }

    /** As {@link #requireFlag}, but it must be there. */
    void requirePresentFlag(String key) throws TokenizerRefused {
        if (!isFlag(values.get(key))) {
            throw new TokenizerRefused(place + "." + key + " is neither true nor false");
        }
    }

    private static boolean isFlag(@Nullable JsonElement value) {
        return value instanceof JsonPrimitive flag && flag.isBoolean();
    }
}
