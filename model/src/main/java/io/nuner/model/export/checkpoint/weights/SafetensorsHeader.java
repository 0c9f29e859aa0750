package io.nuner.model.export.checkpoint.weights;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import io.nuner.model.ModelException;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The header of a safetensors file: eight bytes of length, then JSON that maps names to type, shape and place
 * (huggingface/safetensors, README, Format). One thread at a time.
 */
public final class SafetensorsHeader {
    private static final int MAX_HEADER_BYTES = 100_000_000; // the limit of the reference implementation
    private static final int MAX_TENSORS = 100_000;
    private static final int MAX_DIMENSIONS = 8;

    private final FileBytes file;
    private final long dataStart;

    private SafetensorsHeader(FileBytes file, long dataStart) {
        this.file = file;
        this.dataStart = dataStart;
    }

    /** The tensors of the file; each lies inside it, and no two share a byte. */
    public static List<TensorEntry> read(Path path, FileChannel channel) throws IOException, ModelException {
        FileBytes file = new FileBytes(path, channel);
        long length = file.read(0, Long.BYTES).getLong();
        if (length < 2 || length > MAX_HEADER_BYTES) {
            throw file.refuse("header of " + length + " bytes, expected 2 to " + MAX_HEADER_BYTES);
        }
        byte[] header = file.copy(Long.BYTES, (int) length);
        SafetensorsHeader reader = new SafetensorsHeader(file, Long.BYTES + length);
        try (JsonReader json =
                new JsonReader(new InputStreamReader(new ByteArrayInputStream(header), StandardCharsets.UTF_8))) {
            List<TensorEntry> entries = reader.tensors(json);
            reader.requireDisjoint(entries);
            return entries;
        } catch (MalformedJsonException | EOFException | IllegalStateException | NumberFormatException e) {
            throw file.refuse("the header is not the JSON of a safetensors file");
        }
    }

    private List<TensorEntry> tensors(JsonReader json) throws IOException, ModelException {
        List<TensorEntry> entries = new ArrayList<>();
        Set<String> names = new HashSet<>();
        json.beginObject();
        while (json.hasNext()) {
            String name = json.nextName();
            if (!names.add(name) || names.size() > MAX_TENSORS) {
                throw file.refuse("tensor " + name + " is listed twice, or there are more than " + MAX_TENSORS);
            }
            if (name.equals("__metadata__")) {
                json.skipValue();
            } else {
                entries.add(tensor(name, json));
            }
        }
        json.endObject();
        if (json.peek() != JsonToken.END_DOCUMENT) {
            throw file.refuse("the header goes on after its JSON");
        }
        return entries;
    }

    private TensorEntry tensor(String name, JsonReader json) throws IOException, ModelException {
        String type = "";
        List<Long> shape = List.of();
        List<Long> place = List.of();
        json.beginObject();
        while (json.hasNext()) {
            switch (json.nextName()) {
                case "dtype" -> type = json.nextString();
                case "shape" -> shape = numbers(name, json);
                case "data_offsets" -> place = numbers(name, json);
                default -> json.skipValue();
            }
        }
        json.endObject();
        return entry(name, type, shape, place);
    }

    private List<Long> numbers(String name, JsonReader json) throws IOException, ModelException {
        List<Long> numbers = new ArrayList<>();
        json.beginArray();
        while (json.hasNext()) {
            long number = json.nextLong();
            if (number < 0 || numbers.size() == MAX_DIMENSIONS) {
                throw file.refuse("tensor " + name + " has a negative number or too many dimensions");
            }
            numbers.add(number);
        }
        json.endArray();
        return numbers;
    }

    private TensorEntry entry(String name, String typeName, List<Long> shape, List<Long> place) throws ModelException {
        ElementType type = ElementType.named(typeName)
                .orElseThrow(() -> file.refuse("tensor " + name + " has the unknown type " + typeName));
        if (place.size() != 2 || place.get(0) > place.get(1) || place.get(1) > file.size() - dataStart) {
            throw file.refuse("tensor " + name + " has the place " + place + ", outside the file");
        }
        if (shape.stream().anyMatch(dimension -> dimension > Integer.MAX_VALUE)) {
            throw file.refuse("tensor " + name + " has the shape " + shape + ", larger than we read");
        }
        List<Integer> dimensions = shape.stream().map(Math::toIntExact).toList();
        long bytes = TensorEntry.bytes(type, dimensions);
        if (bytes != place.get(1) - place.get(0) || bytes > TensorEntry.MAX_BYTES) {
            throw file.refuse("tensor " + name + " of shape " + shape + " does not fit its place " + place);
        }
        return new TensorEntry(name, type, dimensions, dataStart + place.get(0));
    }

    private void requireDisjoint(List<TensorEntry> entries) throws ModelException {
        List<TensorEntry> sorted = new ArrayList<>(entries);
        sorted.sort(Comparator.comparingLong(TensorEntry::offset));
        long free = dataStart;
        for (TensorEntry entry : sorted) {
            if (entry.bytes() > 0 && entry.offset() < free) {
                throw file.refuse("tensor " + entry.name() + " overlaps another one");
            }
            free = Math.max(free, entry.offset() + entry.bytes());
        }
    }
}
