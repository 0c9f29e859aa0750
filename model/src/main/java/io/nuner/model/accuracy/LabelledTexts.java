package io.nuner.model.accuracy;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import io.nuner.files.FileProblem;
import io.nuner.files.Utf8Text;
import io.nuner.model.encode.LabelRules;
import io.nuner.model.text.WordSplitter;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Reads sample texts: on each line of a UTF-8 file one JSON object with {@code text}, a string, and {@code labels}, an array of
 * strings. Other fields and blank lines do not count. One thread at a time, for one file.
 */
public final class LabelledTexts {
    /** The largest file. */
    static final int MOST_FILE_BYTES = 16 << 20;

    /** Texts of a file. */
    static final int MOST_TEXTS = 10_000;

    /** UTF-8 bytes of a text. */
    static final int MOST_TEXT_BYTES = 64 << 10;

    /** Labels of a text. */
    static final int MOST_LABELS = 100;

    /** UTF-8 bytes of a label. */
    static final int MOST_LABEL_BYTES = 256;

    private static final String RESOURCE = "texts.jsonl";

    private final LabelRules rules = new LabelRules();
    private final String file;

    private LabelledTexts(String file) {
        this.file = file;
    }

    /** The texts that ship with this program and were written for it: several domains, lengths and numbers of labels. */
    public static List<LabelledText> bundled() {
        try (InputStream in = Objects.requireNonNull(LabelledTexts.class.getResourceAsStream(RESOURCE), RESOURCE)) {
            return new LabelledTexts(RESOURCE).read(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(RESOURCE, e);
        } catch (TextsException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * The texts of a file.
     *
     * @throws TextsException naming the file, the line and what is wrong there
     */
    public static List<LabelledText> read(Path file) throws TextsException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] content = in.readNBytes(MOST_FILE_BYTES + 1);
            if (content.length > MOST_FILE_BYTES) {
                throw new TextsException(file.toString(), "is larger than " + MOST_FILE_BYTES + " bytes");
            }
            return new LabelledTexts(file.toString()).read(content);
        } catch (IOException e) {
            throw new TextsException(file.toString(), FileProblem.ofReading(file, e), e);
        }
    }

    private List<LabelledText> read(byte[] content) throws TextsException {
        List<LabelledText> texts = new ArrayList<>();
        int number = 0;
        for (String line : decode(content).lines().toList()) {
            number++;
            if (!line.isBlank()) {
                String place = file + ":" + number;
                require(texts.size() < MOST_TEXTS, place, "is one more than the " + MOST_TEXTS + " texts of a file");
                texts.add(text(place, line));
            }
        }
        require(!texts.isEmpty(), file, "holds no text");
        return texts;
    }

    private String decode(byte[] content) throws TextsException {
        try {
            return Utf8Text.decode(content);
        } catch (Utf8Text.InvalidLineException e) {
            throw new TextsException(file + ":" + e.line(), "is not valid UTF-8", e);
        }
    }

    private LabelledText text(String place, String line) throws TextsException {
        JsonElement parsed = json(place, line);
        if (!(parsed instanceof JsonObject entry)) {
            throw new TextsException(place, "is no JSON object");
        }
        require(isString(entry.get("text")), place, "needs a string \"text\"");
        String text = entry.get("text").getAsString();
        requireSize(place, "text", text, MOST_TEXT_BYTES);
        require(WordSplitter.split(text).count() > 0, place, "text holds no word");
        if (!(entry.get("labels") instanceof JsonArray array)) {
            throw new TextsException(place, "needs an array \"labels\"");
        }
        return new LabelledText(text, labels(place, array));
    }

    private static JsonElement json(String place, String line) throws TextsException {
        JsonReader json = new JsonReader(new StringReader(line));
        json.setStrictness(Strictness.STRICT);
        try {
            JsonElement parsed = JsonParser.parseReader(json);
            require(json.peek() == JsonToken.END_DOCUMENT, place, "is not valid JSON");
            return parsed;
        } catch (IOException | JsonParseException e) {
            throw new TextsException(place, "is not valid JSON", e);
        }
    }

    private List<String> labels(String place, JsonArray array) throws TextsException {
        require(!array.isEmpty(), place, "labels is empty");
        require(
                array.size() <= MOST_LABELS,
                place,
                "labels has " + array.size() + " entries, more than " + MOST_LABELS);
        List<String> labels = new ArrayList<>();
        for (JsonElement label : array) {
            String field = "labels[" + labels.size() + "]";
            require(isString(label), place, field + " is no string");
            requireSize(place, field, label.getAsString(), MOST_LABEL_BYTES);
            labels.add(label.getAsString());
        }
        var problem = rules.check(labels);
        if (problem.isPresent()) {
            throw new TextsException(
                    place,
                    "labels[" + problem.get().index() + "] " + problem.get().fault("labels"));
        }
        return labels;
    }

    private static void requireSize(String place, String field, String value, int most) throws TextsException {
        int bytes = value.getBytes(StandardCharsets.UTF_8).length;
        require(bytes <= most, place, field + " has " + bytes + " bytes of UTF-8, more than " + most);
    }

    private static boolean isString(JsonElement element) {
        return element instanceof JsonPrimitive primitive && primitive.isString();
    }

    private static void require(boolean holds, String place, String problem) throws TextsException {
        if (!holds) {
            throw new TextsException(place, problem);
        }
    }
}
