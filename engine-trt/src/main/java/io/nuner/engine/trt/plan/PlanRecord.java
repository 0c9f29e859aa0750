package io.nuner.engine.trt.plan;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a plan's directory holds and what it was made of, as {@code plan.json} in it says. Immutable.
 *
 * @param format version of this description, {@value #FORMAT}
 * @param key names the plan
 * @param parts what the key was made of
 * @param notes what was recorded besides, such as the driver's version
 * @param seconds how long each step of the build took
 * @param files all files of the directory but this one and those for people to read
 */
record PlanRecord(
        int format,
        String key,
        SortedMap<String, String> parts,
        SortedMap<String, String> notes,
        SortedMap<String, Double> seconds,
        List<ListedFile> files) {
    /** The only version that is read. */
    static final int FORMAT = 1;

    private static final Gson JSON =
            new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

    PlanRecord {
        if (format != FORMAT) {
            throw new IllegalArgumentException("format must be " + FORMAT + ", but was " + format);
        }
        Objects.requireNonNull(key); // JSON may lack it, and values of the parts
        parts = new TreeMap<>(parts);
        parts.values().forEach(Objects::requireNonNull);
        notes = new TreeMap<>(notes);
        seconds = new TreeMap<>(seconds);
        files = List.copyOf(files);
    }

    static PlanRecord of(PlanKey key, Map<String, Double> seconds, Map<String, String> notes, List<ListedFile> files) {
        SortedMap<String, String> all = new TreeMap<>(key.notes());
        all.putAll(notes);
        return new PlanRecord(FORMAT, key.hex(), key.parts(), all, new TreeMap<>(seconds), files);
    }

    /** Reads what {@link #json} wrote; any other content ends in a RuntimeException of some kind. */
    static PlanRecord of(byte[] json) {
        PlanRecord record = JSON.fromJson(new String(json, StandardCharsets.UTF_8), PlanRecord.class);
        if (record == null) {
            throw new IllegalArgumentException("no record");
        }
        return record;
    }

    byte[] json() {
        return (JSON.toJson(this) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** True if this is the record of the wanted key, and its parts make that key. */
    boolean isOf(PlanKey wanted) {
        return key.equals(wanted.hex()) && PlanKey.hash(parts).equals(key);
    }

    /**
     * A file of a plan's directory. Immutable.
     *
     * @param bytes its size
     * @param sha256 SHA-256 of its content, 64 lower-case hexadecimal digits
     */
    record ListedFile(String name, long bytes, String sha256) {
        ListedFile {
            Objects.requireNonNull(name); // JSON may lack them
            Objects.requireNonNull(sha256);
        }
    }
}
