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
import java.util.List;

/**
 * Outliers planted into a checkpoint of {@link RandomCheckpoint}: one channel in front of some linear layers is {@value #TIMES} times
 * as large, and the columns that read it are divided by as much. That is a power of two, so its float32 scores stay what they are, to the
 * bit.
 *
 * <p>They are where nothing but linear layers reads a channel: behind the values of attention, behind the last norm, behind a Relu.
 */
public final class PlantedOutliers {
    /** How many times as large. */
    public static final int TIMES = 64;

    /** The number of the channel, in front of every layer. */
    public static final int CHANNEL = 5;

    private static final String LAYERS = "token_rep_layer.bert_layer.model.encoder.layer.";
    private static final List<String> PERCEPTRONS = List.of(
            "prompt_rep_layer",
            "span_rep_layer.span_rep_layer.project_start",
            "span_rep_layer.span_rep_layer.project_end");

    private final ByteBuffer file;
    private final JsonObject header;
    private final int start;

    private PlantedOutliers(byte[] content) {
        file = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        int length = Math.toIntExact(file.getLong(0));
        start = Long.BYTES + length;
        header = JsonParser.parseString(new String(content, Long.BYTES, length, StandardCharsets.UTF_8))
                .getAsJsonObject();
    }

    /** Changes the weights in a checkpoint's directory. */
    public static void into(Path checkpoint) {
        Path weights = checkpoint.resolve("model.safetensors");
        try {
            byte[] content = Files.readAllBytes(weights);
            new PlantedOutliers(content).plant();
            Files.write(weights, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void plant() {
        int layer = 0;
        for (; header.has(LAYERS + layer + ".output.LayerNorm.weight"); layer++) {
            String attention = LAYERS + layer + ".attention.";
            String value = attention + "self.value";
            enlarge(header.has(value + ".weight") ? value : value + "_proj");
            divide(attention + "output.dense.weight");
        }
        enlarge(LAYERS + (layer - 1) + ".output.LayerNorm");
        divide("token_rep_layer.projection.weight");
        for (String perceptron : PERCEPTRONS) {
            enlarge(perceptron + ".0");
            divide(perceptron + ".3.weight");
        }
    }

    /** A linear layer's row and bias, or a norm's gain and bias. */
    private void enlarge(String name) {
        scaleRow(name + ".weight");
        scaleRow(name + ".bias");
    }

    private void scaleRow(String name) {
        JsonArray shape = shape(name);
        int length = shape.size() == 1 ? 1 : shape.get(1).getAsInt();
        for (int i = 0; i < length; i++) {
            scale(name, CHANNEL * length + i, TIMES);
        }
    }

    private void divide(String name) {
        int rows = shape(name).get(0).getAsInt();
        int columns = shape(name).get(1).getAsInt();
        for (int row = 0; row < rows; row++) {
            scale(name, row * columns + CHANNEL, 1f / TIMES);
        }
    }

    private JsonArray shape(String name) {
        return header.getAsJsonObject(name).getAsJsonArray("shape");
    }

    private void scale(String name, int index, float factor) {
        int place = start
                + header.getAsJsonObject(name)
                        .getAsJsonArray("data_offsets")
                        .get(0)
                        .getAsInt()
                + index * Float.BYTES;
        file.putFloat(place, file.getFloat(place) * factor);
    }
}
