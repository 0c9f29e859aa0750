package io.nuner.model.export.checkpoint.config;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.nuner.model.ModelException;
import io.nuner.model.RegularFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A JSON object of configuration; every refusal names the file, the key with those above it, and the value found.
 * Immutable.
 */
final class JsonConfig {
    private static final long MAX_BYTES = 1 << 20;

    private final Path file;
    private final String path;
    private final JsonObject values;

    /** Takes the values under {@code path}, which is empty or ends with a dot. */
    private JsonConfig(Path file, String path, JsonObject values) {
        this.file = file;
        this.path = path;
        this.values = values;
    }

    static JsonConfig read(Path file) throws ModelException {
        RegularFile.require(file);
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw ModelException.of(file, "is larger than " + MAX_BYTES + " bytes");
            }
            JsonElement parsed = JsonParser.parseString(Files.readString(file, StandardCharsets.UTF_8));
            if (!parsed.isJsonObject()) {
                throw ModelException.of(file, "is no JSON object");
            }
            return new JsonConfig(file, "", parsed.getAsJsonObject());
        } catch (IOException e) {
            throw ModelException.of(file, e);
        } catch (JsonParseException e) {
            throw ModelException.of(file, "is no JSON object");
        }
    }

    Path file() {
        return file;
    }

    Optional<JsonConfig> object(String key) {
        JsonElement value = values.get(key);
        return value != null && value.isJsonObject()
                ? Optional.of(new JsonConfig(file, path + key + ".", value.getAsJsonObject()))
                : Optional.empty();
    }

    boolean has(String key) {
        return values.has(key) && !values.get(key).isJsonNull();
    }

    String text(String key, String fallback) {
        return has(key) && values.get(key).isJsonPrimitive() ? values.get(key).getAsString() : fallback;
    }

    int integer(String key) throws ModelException {
        if (!has(key)) {
            throw refuse(key, "is missing");
        }
        return integer(key, 0);
    }

    int integer(String key, int fallback) throws ModelException {
        double number = number(key, fallback);
        if (number != Math.rint(number) || Math.abs(number) > Integer.MAX_VALUE) {
            throw refuse(key, "is " + values.get(key) + ", expected a whole number of at most " + Integer.MAX_VALUE);
        }
        return (int) number;
    }

    /** A whole number that must be there and within the bounds, both included. */
    int integer(String key, int least, int most) throws ModelException {
        return bounded(key, integer(key), least, most);
    }

    /** A whole number within the bounds, both included; the fallback must lie within them, too. */
    int integer(String key, int fallback, int least, int most) throws ModelException {
        return bounded(key, integer(key, fallback), least, most);
    }

    private int bounded(String key, int value, int least, int most) throws ModelException {
        if (value < least || value > most) {
            throw refuse(key, "is " + value + ", expected " + least + " to " + most);
        }
        return value;
    }

    double number(String key, double fallback) throws ModelException {
        if (!has(key)) {
            return fallback;
        }
        try {
            return values.get(key).getAsDouble();
        } catch (UnsupportedOperationException | IllegalStateException | NumberFormatException e) {
            throw refuse(key, "is " + values.get(key) + ", expected a number");
        }
    }

    /** A list of texts, or one text with its parts separated by {@code |}. */
    List<String> texts(String key) {
        JsonElement value = values.get(key);
        List<String> texts = new ArrayList<>();
        if (value != null && value.isJsonArray()) {
            value.getAsJsonArray()
                    .forEach(element -> texts.add(element.toString().replace("\"", "")));
        } else {
            texts.addAll(List.of(text(key, "").split("\\|", -1)));
        }
        return texts;
    }

    void require(String key, String expected) throws ModelException {
        requireOrAbsent(key, expected, "absent");
    }

    /** Refuses a value other than the supported one; absent counts as {@code fallback}. */
    void requireOrAbsent(String key, String expected, String fallback) throws ModelException {
        String found = text(key, fallback);
        if (!found.equals(expected)) {
            throw refuse(key, "is " + found + ", only " + expected + " is supported");
        }
    }

    /** The value, one of the supported ones. */
    String requireOneOf(String key, List<String> supported) throws ModelException {
        String found = text(key, "absent");
        if (!supported.contains(found)) {
            throw refuse(key, "is " + found + ", only " + String.join(" and ", supported) + " are supported");
        }
        return found;
    }

    private ModelException refuse(String key, String problem) {
        return ModelException.of(file, path + key + " " + problem);
    }
}
