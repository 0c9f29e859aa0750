package io.nuner.gputest.result;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The JSON of a run, written again after each stage. Any thread. */
public final class ResultsFile {
    private static final Gson GSON =
            new GsonBuilder().disableHtmlEscaping().setPrettyPrinting().create();
    private static final String SCHEMA = "nuner-gpu-test/1";

    private final Path file;
    private final JsonObject options;
    private final String started;

    /**
     * The file of a run that begins.
     *
     * @param options what was asked for
     * @param started when, in ISO 8601, UTC
     */
    public ResultsFile(Path file, JsonObject options, String started) {
        this.file = file;
        this.options = options;
        this.started = started;
    }

    /** Where it is. */
    public Path path() {
        return file;
    }

    /**
     * Replaces the file.
     *
     * @param progress {@code running}, {@code finished} or {@code interrupted}
     */
    public synchronized void write(String progress, double seconds, List<StageResult> stages) throws IOException {
        StageRecord.replace(file, json(progress, seconds, stages) + "\n");
    }

    /** What {@link #write} writes. */
    public String json(String progress, double seconds, List<StageResult> stages) {
        JsonObject json = new JsonObject();
        json.addProperty("schema", SCHEMA);
        json.addProperty("progress", progress);
        json.addProperty("started", started);
        json.addProperty("seconds", rounded(seconds));
        json.add("options", options);
        JsonArray list = new JsonArray();
        stages.forEach(stage -> list.add(json(stage)));
        json.add("stages", list);
        return GSON.toJson(json);
    }

    private static JsonObject json(StageResult stage) {
        JsonObject json = new JsonObject();
        json.addProperty("id", stage.id());
        json.addProperty("title", stage.title());
        json.addProperty("status", stage.status().text());
        json.addProperty("reason", stage.ending().reason());
        json.addProperty("seconds", rounded(stage.ending().seconds()));
        json.addProperty("limitSeconds", rounded(stage.ending().limitSeconds()));
        json.add("measurements", GSON.toJsonTree(stage.found().measurements()));
        json.add("facts", stage.found().facts());
        json.add("notes", GSON.toJsonTree(stage.found().notes()));
        return json;
    }

    private static double rounded(double seconds) {
        return Math.round(seconds * 100) / 100.0;
    }
}
