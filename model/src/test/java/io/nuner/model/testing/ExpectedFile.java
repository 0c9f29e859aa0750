package io.nuner.model.testing;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nuner.engine.RowLogits;
import java.io.Reader;
import java.util.List;
import java.util.function.Function;

/** Reader of expected.json. */
final class ExpectedFile {
    private ExpectedFile() {}

    static List<FixtureCase> read(Reader json) {
        return list(JsonParser.parseReader(json), ExpectedFile::fixtureCase);
    }

    private static FixtureCase fixtureCase(JsonElement element) {
        JsonObject json = element.getAsJsonObject();
        List<String> labels = list(json.get("labels"), JsonElement::getAsString);
        return new FixtureCase(
                json.get("text").getAsString(),
                labels,
                list(json.get("words"), ExpectedFile::word),
                list(json.get("input_ids"), JsonElement::getAsInt),
                json.has("first_subtoken") ? list(json.get("first_subtoken"), JsonElement::getAsInt) : List.of(),
                logits(json.getAsJsonArray("logits"), labels.size()),
                list(json.get("predictions"), ExpectedFile::prediction));
    }

    private static FixtureWord word(JsonElement element) {
        JsonArray json = element.getAsJsonArray();
        return new FixtureWord(
                json.get(0).getAsString(), json.get(1).getAsInt(), json.get(2).getAsInt());
    }

    private static FixturePrediction prediction(JsonElement element) {
        JsonObject json = element.getAsJsonObject();
        FixtureOptions options = new FixtureOptions(
                json.get("flat_ner").getAsBoolean(),
                json.get("multi_label").getAsBoolean(),
                json.get("threshold").getAsDouble());
        boolean nearThreshold =
                json.has("near_threshold") && json.get("near_threshold").getAsBoolean();
        return new FixturePrediction(options, nearThreshold, entities(json, "entities"), entities(json, "merged"));
    }

    private static List<FixtureEntity> entities(JsonObject json, String name) {
        return json.has(name) ? list(json.get(name), ExpectedFile::entity) : List.of();
    }

    private static FixtureEntity entity(JsonElement element) {
        JsonObject json = element.getAsJsonObject();
        return new FixtureEntity(
                json.get("start").getAsInt(),
                json.get("end").getAsInt(),
                json.get("text").getAsString(),
                json.get("label").getAsString(),
                json.get("score").getAsDouble());
    }

    /** Scores nest as [words][widths][labels]; the axis of widths is absent where there is one width. */
    private static RowLogits logits(JsonArray json, int labels) {
        float[] scores = new float[countLeaves(json)];
        fill(json, scores, 0);
        return RowLogits.wrap(json.size(), scores.length / json.size() / labels, labels, scores);
    }

    private static int countLeaves(JsonElement json) {
        if (!json.isJsonArray()) {
            return 1;
        }
        int leaves = 0;
        for (JsonElement child : json.getAsJsonArray()) {
            leaves += countLeaves(child);
        }
        return leaves;
    }

    private static int fill(JsonElement json, float[] scores, int at) {
        if (!json.isJsonArray()) {
            scores[at] = json.isJsonNull() ? Float.NaN : (float) json.getAsDouble();
            return at + 1;
        }
        int next = at;
        for (JsonElement child : json.getAsJsonArray()) {
            next = fill(child, scores, next);
        }
        return next;
    }

    private static <T> List<T> list(JsonElement json, Function<JsonElement, T> element) {
        return json.getAsJsonArray().asList().stream().map(element).toList();
    }
}
