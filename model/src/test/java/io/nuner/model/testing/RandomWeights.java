package io.nuner.model.testing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Streams random tensors into a safetensors file. One thread at a time. */
final class RandomWeights {
    private static final int BUFFER_BYTES = 1 << 20;
    private static final double SMALL = 0.02;

    private final Map<String, Double> means;
    private final SplittableRandom random;
    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);

    private RandomWeights(Map<String, Double> means, long seed, FileChannel channel) {
        this.means = means;
        random = new SplittableRandom(seed);
        this.channel = channel;
    }

    /**
     * Writes the file anew.
     *
     * @param means of tensors whose mean is not the usual one
     */
    static void write(Map<String, List<Integer>> tensors, Map<String, Double> means, long seed, Path file)
            throws IOException {
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.WRITE, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING)) {
            RandomWeights weights = new RandomWeights(means, seed, channel);
            weights.writeHeader(tensors);
            for (Map.Entry<String, List<Integer>> tensor : tensors.entrySet()) {
                weights.writeTensor(tensor.getKey(), tensor.getValue());
            }
            weights.flush();
        }
    }

    private void writeHeader(Map<String, List<Integer>> tensors) throws IOException {
        StringBuilder json = new StringBuilder("{");
        long offset = 0;
        for (Map.Entry<String, List<Integer>> tensor : tensors.entrySet()) {
            long end = offset + 4 * size(tensor.getValue());
            json.append(json.length() == 1 ? "" : ",")
                    .append("\"%s\":{\"dtype\":\"F32\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
                            .formatted(tensor.getKey(), tensor.getValue(), offset, end));
            offset = end;
        }
        byte[] header = json.append('}').toString().getBytes(StandardCharsets.UTF_8);
        buffer.putLong(header.length).put(header);
    }

    private void writeTensor(String name, List<Integer> shape) throws IOException {
        boolean norm = name.endsWith("LayerNorm.weight");
        boolean matrix = shape.size() == 2 && !name.contains("embeddings");
        double scale = matrix ? 1 / Math.sqrt(shape.get(1)) : SMALL;
        double mean = means.getOrDefault(name, norm ? 1.0 : 0.0);
        for (long left = size(shape); left > 0; left--) {
            if (buffer.remaining() < Float.BYTES) {
                flush();
            }
            buffer.putFloat((float) (mean + scale * gaussian()));
        }
    }

    /** Four uniform numbers added up: close enough to a normal distribution, and fast. */
    private double gaussian() {
        long bits = random.nextLong();
        long sum = (bits & 0xffff) + (bits >>> 16 & 0xffff) + (bits >>> 32 & 0xffff) + (bits >>> 48);
        return (sum / 65536.0 - 2) * 1.7320508; // the sum's deviation is sqrt(4 / 12)
    }

    private void flush() throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }

    private static long size(List<Integer> shape) {
        return shape.stream().mapToLong(Integer::longValue).reduce(1, (a, b) -> a * b);
    }
}
