package io.nuner.gputest.result;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a stage's process writes down while it works, so that a figure once measured survives whatever happens next. Any
 * thread.
 */
public final class StageRecord {
    private static final Gson GSON =
            new GsonBuilder().disableHtmlEscaping().setPrettyPrinting().create();

    private final List<Measurement> measurements = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final JsonObject facts = new JsonObject();
    private String failure = "";
    /** Written by baseline.py. */
    private String skipped = "";

    /** An empty record, which is also what Gson begins with. */
    public StageRecord() {}

    /** The record in a file; an empty one, with a note, if the file is missing or damaged. */
    public static StageRecord read(Path file) {
        StageRecord empty = new StageRecord();
        if (!Files.exists(file)) {
            return empty;
        }
        try {
            StageRecord read = GSON.fromJson(Files.readString(file), StageRecord.class);
            return read == null ? empty : read;
        } catch (IOException | JsonParseException | IllegalArgumentException e) {
            empty.note("its record cannot be read: " + e.getMessage());
            return empty;
        }
    }

    /** Writes the record so that the file holds all of it or what it held before. */
    public synchronized void writeTo(Path file) throws IOException {
        replace(file, GSON.toJson(this) + "\n");
    }

    /** Writes a whole file: a reader sees the old content or the new one. One thread at a time for each file. */
    static void replace(Path file, String content) throws IOException {
        Path unfinished = file.resolveSibling(file.getFileName() + ".part");
        Files.writeString(unfinished, content);
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    public synchronized void measured(Measurement measurement) {
        measurements.add(measurement);
    }

    public synchronized void note(String text) {
        notes.add(text);
    }

    public synchronized void fact(String name, String value) {
        facts.addProperty(name, value);
    }

    public synchronized void fact(String name, JsonElement value) {
        facts.add(name, value);
    }

    public synchronized void failed(String reason) {
        failure = reason;
    }

    public synchronized List<Measurement> measurements() {
        return List.copyOf(measurements);
    }

    public synchronized List<String> notes() {
        return List.copyOf(notes);
    }

    public synchronized JsonObject facts() {
        return facts.deepCopy();
    }

    /** Why the stage failed; empty if it did not say so. */
    public synchronized String failure() {
        return failure;
    }

    /** Why the stage did nothing; empty if it did not say so. */
    public synchronized String skipped() {
        return skipped;
    }

    /** The value of the measurement of that name, if there is one. */
    public synchronized Optional<Double> value(String name) {
        return measurements.stream()
                .filter(measurement -> measurement.name().equals(name))
                .map(Measurement::value)
                .findFirst();
    }
}
