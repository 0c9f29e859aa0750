package io.nuner.model.export.checkpoint;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import io.nuner.model.ModelException;
import io.nuner.model.RegularFile;
import io.nuner.model.export.checkpoint.weights.TensorEntry;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The index of weights that lie in several safetensors files, the shards: which tensor is in which. Immutable.
 *
 * <p>Every shard's name is checked to be a plain file name in the index's own directory.
 */
public final class ShardIndex {
    /** The file inside a checkpoint. */
    public static final String FILE = Checkpoint.SAFETENSORS + ".index.json";

    /** Bytes of the largest index that is read. */
    public static final int MAX_BYTES = 16 << 20;

    private static final int MAX_SHARDS = 256;
    private static final int MAX_TENSORS = 100_000;
    private static final int MAX_NAME_LENGTH = 200;
    private static final String ENDING = ".safetensors";

    private final Path file;
    private final Map<String, String> shardOfTensor;

    private ShardIndex(Path file, Map<String, String> shardOfTensor) {
        this.file = file;
        this.shardOfTensor = shardOfTensor;
    }

    /**
     * Reads and checks the index of a checkpoint directory.
     *
     * @throws ModelException if it is no index, too large, or names a shard that is no plain file name
     */
    public static ShardIndex read(Path directory) throws ModelException {
        Path file = directory.resolve(FILE);
        RegularFile.require(file);
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw ModelException.of(file, "is larger than " + MAX_BYTES + " bytes");
            }
            try (JsonReader json = new JsonReader(Files.newBufferedReader(file))) {
                ShardIndex index = new ShardIndex(file, weightMap(file, json));
                index.requireShards();
                return index;
            }
        } catch (MalformedJsonException | EOFException | IllegalStateException | NumberFormatException e) {
            throw ModelException.of(file, "is not the JSON of an index of shards");
        } catch (IOException e) {
            throw ModelException.of(file, e);
        }
    }

    private static Map<String, String> weightMap(Path file, JsonReader json) throws IOException, ModelException {
        Map<String, String> map = new LinkedHashMap<>();
        json.beginObject();
        while (json.hasNext()) {
            if (json.nextName().equals("weight_map")) {
                readMap(file, json, map);
            } else {
                json.skipValue(); // sums for people
            }
        }
        json.endObject();
        if (json.peek() != JsonToken.END_DOCUMENT) {
            throw ModelException.of(file, "goes on after its JSON");
        }
        return map;
    }

    private static void readMap(Path file, JsonReader json, Map<String, String> map)
            throws IOException, ModelException {
        json.beginObject();
        while (json.hasNext()) {
            String tensor = json.nextName();
            if (map.put(tensor, json.nextString()) != null || map.size() > MAX_TENSORS) {
                throw ModelException.of(
                        file, "tensor " + tensor + " is listed twice, or there are more than " + MAX_TENSORS);
            }
        }
        json.endObject();
    }

    private void requireShards() throws ModelException {
        List<String> shards = shards();
        if (shards.isEmpty() || shards.size() > MAX_SHARDS) {
            throw ModelException.of(file, "names " + shards.size() + " shards, expected 1 to " + MAX_SHARDS);
        }
        for (String shard : shards) {
            if (!isPlainName(shard)) {
                throw ModelException.of(
                        file,
                        "names the shard " + shard + "; a shard must be a file beside it, its name of letters,"
                                + " digits, '.', '_' and '-' with the ending " + ENDING);
            }
        }
    }

    private static boolean isPlainName(String name) {
        return name.length() > ENDING.length()
                && name.length() <= MAX_NAME_LENGTH
                && name.endsWith(ENDING)
                && name.charAt(0) != '.'
                && name.chars().allMatch(ShardIndex::isPlain);
    }

    private static boolean isPlain(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || "._-".indexOf(c) >= 0;
    }

    /** The path of the index. */
    Path file() {
        return file;
    }

    /** The names of all shards, sorted; plain names of files in the index's directory. */
    public List<String> shards() {
        return List.copyOf(new TreeSet<>(shardOfTensor.values()));
    }

    /**
     * Compares the tensors of a shard with those that the index lists.
     *
     * @throws ModelException naming a tensor that is in one of the two only
     */
    void requireContent(String shard, Collection<TensorEntry> entries) throws ModelException {
        Set<String> expected = new HashSet<>(shardOfTensor.keySet());
        expected.removeIf(tensor -> !shard.equals(shardOfTensor.get(tensor)));
        for (TensorEntry entry : entries) {
            if (!expected.remove(entry.name())) {
                throw ModelException.of(
                        file.resolveSibling(shard), "tensor " + entry.name() + " is " + elsewhere(entry.name()));
            }
        }
        if (!expected.isEmpty()) {
            throw ModelException.of(
                    file.resolveSibling(shard),
                    "tensor " + new TreeSet<>(expected).first() + " is missing, " + FILE + " says that it is here");
        }
    }

    private String elsewhere(String tensor) {
        String shard = shardOfTensor.get(tensor);
        return shard == null
                ? "in this shard, but not in " + FILE
                : "in this shard, but according to " + FILE + " in " + shard;
    }
}
