package io.nuner.model.testing;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Makes a checkpoint of {@link RandomCheckpoint} one that float32 computes well and int8 does not: in each feed-forward one inner
 * channel is tiny, and the weights that read it are as large as it is small. They leave no step to the weights beside them, and
 * the channel none to itself.
 */
public final class SpoiledWeights {
    private static final String LAYER = "token_rep_layer.bert_layer.model.encoder.layer.";
    private static final float FACTOR = 1e4f;

    private final byte[] content;
    private final ByteBuffer file;
    private final JsonObject header;
    private final int data;

    private SpoiledWeights(byte[] content) {
        this.content = content;
        file = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        int length = Math.toIntExact(file.getLong(0));
        header = JsonParser.parseString(new String(content, Long.BYTES, length, StandardCharsets.UTF_8))
                .getAsJsonObject();
        data = Long.BYTES + length;
    }

    /** Rewrites model.safetensors of a checkpoint. */
    public static void spoil(Path checkpoint) {
        Path weights = checkpoint.resolve("model.safetensors");
        try {
            SpoiledWeights spoiled = new SpoiledWeights(Files.readAllBytes(weights));
            for (int layer = 0; spoiled.header.has(inner(layer)); layer++) {
                spoiled.spoilLayer(layer);
            }
            Files.write(weights, spoiled.content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String inner(int layer) {
        return LAYER + layer + ".intermediate.dense.weight";
    }

    private void spoilLayer(int layer) {
        JsonArray shape = header.getAsJsonObject(inner(layer)).getAsJsonArray("shape");
        int innerSize = shape.get(0).getAsInt();
        int hidden = shape.get(1).getAsInt();
        for (int column = 0; column < hidden; column++) {
            scale(inner(layer), column, 1 / FACTOR);
            scale(LAYER + layer + ".output.dense.weight", column * innerSize, FACTOR);
        }
        scale(LAYER + layer + ".intermediate.dense.bias", 0, 1 / FACTOR);
    }

    private void scale(String tensor, int element, float factor) {
        int start = header.getAsJsonObject(tensor)
                .getAsJsonArray("data_offsets")
                .get(0)
                .getAsInt();
        int place = data + start + Float.BYTES * element;
        file.putFloat(place, factor * file.getFloat(place));
    }
}
