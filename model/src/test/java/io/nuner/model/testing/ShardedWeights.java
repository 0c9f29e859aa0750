package io.nuner.model.testing;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Splits a checkpoint's model.safetensors into several files and an index, as large models are published. */
public final class ShardedWeights {
    /** The index that {@link #split} writes. */
    public static final String INDEX = "model.safetensors.index.json";

    private final byte[] source;
    private final int dataStart;
    private final JsonObject header;

    private ShardedWeights(byte[] source) {
        this.source = source;
        int length = Math.toIntExact(
                ByteBuffer.wrap(source).order(ByteOrder.LITTLE_ENDIAN).getLong());
        this.dataStart = Long.BYTES + length;
        this.header = JsonParser.parseString(new String(source, Long.BYTES, length, StandardCharsets.UTF_8))
                .getAsJsonObject();
        header.remove("__metadata__");
    }

    /** Replaces the one file of a directory by so many, dealing tensors out in turn; returns their names. */
    public static List<String> split(Path checkpoint, int count) {
        try {
            Path whole = checkpoint.resolve("model.safetensors");
            List<String> names = new ShardedWeights(Files.readAllBytes(whole)).write(checkpoint, count);
            Files.delete(whole);
            return names;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> write(Path directory, int count) throws IOException {
        List<Shard> shards = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            shards.add(new Shard("model-%05d-of-%05d.safetensors".formatted(i + 1, count)));
        }
        JsonObject map = new JsonObject();
        int next = 0;
        for (Map.Entry<String, JsonElement> tensor : header.entrySet()) {
            Shard shard = shards.get(next++ % count);
            shard.add(tensor.getKey(), tensor.getValue().getAsJsonObject());
            map.addProperty(tensor.getKey(), shard.name);
        }
        for (Shard shard : shards) {
            shard.write(directory);
        }
        JsonObject index = new JsonObject();
        index.add("metadata", new JsonObject());
        index.add("weight_map", map);
        Files.writeString(directory.resolve(INDEX), index.toString());
        return shards.stream().map(shard -> shard.name).toList();
    }

    private final class Shard {
        private final String name;
        private final JsonObject entries = new JsonObject();
        private final ByteArrayOutputStream data = new ByteArrayOutputStream();

        private Shard(String name) {
            this.name = name;
        }

        private void add(String tensor, JsonObject entry) {
            JsonArray place = entry.getAsJsonArray("data_offsets");
            int from = place.get(0).getAsInt();
            int length = place.get(1).getAsInt() - from;
            JsonArray moved = new JsonArray();
            moved.add(data.size());
            moved.add(data.size() + length);
            JsonObject copy = entry.deepCopy();
            copy.add("data_offsets", moved);
            entries.add(tensor, copy);
            data.write(source, dataStart + from, length);
        }

        private void write(Path directory) throws IOException {
            byte[] json = entries.toString().getBytes(StandardCharsets.UTF_8);
            ByteBuffer file =
                    ByteBuffer.allocate(Long.BYTES + json.length + data.size()).order(ByteOrder.LITTLE_ENDIAN);
            Files.write(
                    directory.resolve(name),
                    file.putLong(json.length).put(json).put(data.toByteArray()).array());
        }
    }
}
