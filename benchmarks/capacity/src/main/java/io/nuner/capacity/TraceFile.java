package io.nuner.capacity;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import io.nuner.capacity.simulation.Arrival;
import io.nuner.files.FileProblem;
import io.nuner.server.batching.Tenants;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Reads a trace as {@code nuner bench --trace} writes it: a JSON object on each line, with {@code at_micros} and {@code
 * tokens}, and optionally {@code tenant}, {@code bulk} and {@code deadline_millis}. Other fields are ignored. One thread at
 * a time.
 */
public final class TraceFile {
    /** Lines a file may have; as many as {@code nuner bench} writes. */
    public static final int MAX_LINES = 5_000_000;

    private static final long MAX_AT_MICROS = TimeUnit.DAYS.toMicros(366);
    private static final long MAX_TOKENS = 1_000_000;
    private static final long MAX_DEADLINE_MILLIS = TimeUnit.DAYS.toMillis(1);

    private final Path file;
    private final long defaultDeadlineMillis;
    private final List<Arrival> arrivals = new ArrayList<>();
    private final Map<String, String> tenants = new HashMap<>();
    private int number;

    private TraceFile(Path file, long defaultDeadlineMillis) {
        this.file = file;
        this.defaultDeadlineMillis = defaultDeadlineMillis;
    }

    /**
     * Reads a whole file.
     *
     * @param defaultDeadlineMillis of texts that have none
     * @throws PlanException naming the file, the line, the field and the rule it breaks
     */
    public static Trace read(Path file, long defaultDeadlineMillis) throws PlanException {
        TraceFile reader = new TraceFile(file, defaultDeadlineMillis);
        reader.readLines();
        try {
            return Trace.ofUnordered(reader.arrivals);
        } catch (IllegalArgumentException e) {
            throw new PlanException("trace " + file + " " + e.getMessage(), e);
        }
    }

    private void readLines() throws PlanException {
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            skipByteOrderMark(lines);
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (number > MAX_LINES) {
                    throw new PlanException("trace " + file + " has more than " + MAX_LINES + " lines");
                }
                if (!line.isBlank()) {
                    arrivals.add(arrival(object(line)));
                }
            }
        } catch (IOException e) {
            throw new PlanException("trace " + file + " " + FileProblem.ofReading(file, e), e);
        }
    }

    private static void skipByteOrderMark(BufferedReader lines) throws IOException {
        lines.mark(1);
        if (lines.read() != '\uFEFF') {
            lines.reset();
        }
    }

    private JsonObject object(String line) throws PlanException {
        try (JsonReader json = new JsonReader(new StringReader(line))) {
            json.setStrictness(Strictness.STRICT);
            JsonElement element = JsonParser.parseReader(json);
            if (element instanceof JsonObject object && json.peek() == JsonToken.END_DOCUMENT) {
                return object;
            }
        } catch (IOException | JsonParseException e) {
            throw new PlanException(place() + "is not valid JSON", e);
        }
        throw new PlanException(place() + "must be one JSON object");
    }

    private Arrival arrival(JsonObject line) throws PlanException {
        long atMicros = whole(line, "at_micros", 0, MAX_AT_MICROS);
        long tokens = whole(line, "tokens", 1, MAX_TOKENS);
        long deadlineMillis = line.has("deadline_millis")
                ? whole(line, "deadline_millis", 1, MAX_DEADLINE_MILLIS)
                : defaultDeadlineMillis;
        return new Arrival(
                TimeUnit.MICROSECONDS.toNanos(atMicros),
                (int) tokens,
                tenant(line),
                bulk(line),
                TimeUnit.MILLISECONDS.toNanos(deadlineMillis));
    }

    private long whole(JsonObject line, String field, long least, long most) throws PlanException {
        if (line.get(field) instanceof JsonPrimitive value && value.isNumber()) {
            double number = value.getAsDouble();
            if (number >= least && number <= most && number == Math.rint(number)) {
                return (long) number;
            }
        }
        throw new PlanException(place() + field + " must be a whole number from " + least + " to " + most);
    }

    /** Texts of one tenant share its name. */
    private String tenant(JsonObject line) throws PlanException {
        JsonElement value = line.get("tenant");
        if (value == null) {
            return Tenants.DEFAULT;
        }
        if (!(value instanceof JsonPrimitive primitive && primitive.isString())) {
            throw new PlanException(place() + "tenant must be a string");
        }
        String name = primitive.getAsString();
        return name.isEmpty() ? Tenants.DEFAULT : tenants.computeIfAbsent(name, same -> same);
    }

    private boolean bulk(JsonObject line) throws PlanException {
        JsonElement value = line.get("bulk");
        if (value == null) {
            return false;
        }
        if (!(value instanceof JsonPrimitive primitive && primitive.isBoolean())) {
            throw new PlanException(place() + "bulk must be true or false");
        }
        return primitive.getAsBoolean();
    }

    private String place() {
        return "trace " + file + ":" + number + " ";
    }
}
