package io.nuner.eval;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads labels by type: a JSON object of strings, or lines of {@code TYPE=label} with comments that begin with #. */
public final class LabelMapFile {
    private LabelMapFile() {}

    /** The labels by type; an empty label, or null in JSON, leaves the type out. */
    public static Map<String, String> read(DataFile file) throws DataException {
        return file.content().stripLeading().startsWith("{") ? json(file) : lines(file);
    }

    private static Map<String, String> json(DataFile file) throws DataException {
        Map<String, String> labels = new LinkedHashMap<>();
        for (Map.Entry<String, JsonElement> entry : object(file).entrySet()) {
            JsonElement label = entry.getValue();
            boolean text = label instanceof JsonPrimitive primitive && primitive.isString();
            if (!text && !label.isJsonNull()) {
                throw new DataException(file.name(), "must hold strings or null, by type");
            }
            labels.put(entry.getKey(), text ? label.getAsString() : "");
        }
        return labels;
    }

    private static JsonObject object(DataFile file) throws DataException {
        try {
            return JsonParser.parseString(file.content()).getAsJsonObject();
        } catch (JsonParseException | IllegalStateException e) {
            throw new DataException(file.name(), "is no JSON object", e);
        }
    }

    private static Map<String, String> lines(DataFile file) throws DataException {
        Map<String, String> labels = new LinkedHashMap<>();
        int number = 0;
        for (String line : file.content().lines().toList()) {
            number++;
            if (!line.isBlank() && !line.startsWith("#")) {
                int equals = line.indexOf('=');
                if (equals < 1) {
                    throw new DataException(file.name() + ":" + number, "must be TYPE=label");
                }
                labels.put(
                        line.substring(0, equals).strip(),
                        line.substring(equals + 1).strip());
            }
        }
        return labels;
    }
}
