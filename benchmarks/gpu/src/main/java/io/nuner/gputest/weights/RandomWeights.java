package io.nuner.gputest.weights;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Writer of random tensors into a safetensors file, on all cores. One thread at a time. */
final class RandomWeights {
    private static final int CHUNK_VALUES = 1 << 18;
    private static final int UNIFORM_STEPS = 1 << 16;

    private final FileChannel channel;
    private final long seed;
    private final List<Chunk> chunks = new ArrayList<>();

    private RandomWeights(FileChannel channel, long seed) {
        this.channel = channel;
        this.seed = seed;
    }

    static void write(List<RandomTensor> tensors, long seed, Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.WRITE, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING)) {
            RandomWeights weights = new RandomWeights(channel, seed);
            weights.cut(tensors, weights.writeHeader(tensors));
            weights.writeChunks();
        }
    }

    /** Returns where the values begin. */
    private long writeHeader(List<RandomTensor> tensors) throws IOException {
        StringBuilder json = new StringBuilder("{");
        long offset = 0;
        for (RandomTensor tensor : tensors) {
            long end = offset + Float.BYTES * tensor.size();
            json.append(json.length() == 1 ? "" : ",")
                    .append("\"%s\":{\"dtype\":\"F32\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
                            .formatted(tensor.name(), tensor.shape(), offset, end));
            offset = end;
        }
        byte[] header = json.append('}').toString().getBytes(StandardCharsets.UTF_8);
        ByteBuffer buffer = ByteBuffer.allocate(Long.BYTES + header.length).order(ByteOrder.LITTLE_ENDIAN);
        writeFully(buffer.putLong(header.length).put(header).flip(), 0);
        return buffer.limit();
    }

    private void cut(List<RandomTensor> tensors, long start) {
        long position = start;
        for (RandomTensor tensor : tensors) {
            for (long from = 0; from < tensor.size(); from += CHUNK_VALUES) {
                int count = (int) Math.min(CHUNK_VALUES, tensor.size() - from);
                chunks.add(new Chunk(tensor, position + Float.BYTES * from, count, chunks.size()));
            }
            position += Float.BYTES * tensor.size();
        }
    }

    private void writeChunks() throws IOException {
        try {
            chunks.parallelStream().forEach(this::writeChunk);
        } catch (UncheckedIOException e) {
            throw new IOException("weights cannot be written: " + e.getMessage(), e);
        }
    }

    private void writeChunk(Chunk chunk) {
        ByteBuffer buffer = ByteBuffer.allocate(Float.BYTES * chunk.count).order(ByteOrder.LITTLE_ENDIAN);
        SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + chunk.number);
        for (int i = 0; i < chunk.count; i++) {
            buffer.putFloat((float) (chunk.tensor.mean() + chunk.tensor.deviation() * gaussian(random)));
        }
        try {
            writeFully(buffer.flip(), chunk.position);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Four uniform numbers added up: close enough to a normal distribution, and fast. */
    private static double gaussian(SplittableRandom random) {
        long bits = random.nextLong();
        long sum = (bits & 0xffff) + (bits >>> 16 & 0xffff) + (bits >>> 32 & 0xffff) + (bits >>> 48);
        return ((double) sum / UNIFORM_STEPS - 2) * 1.7320508; // the sum's deviation is sqrt(4 / 12)
    }

    private void writeFully(ByteBuffer bytes, long start) throws IOException {
        long position = start;
        while (bytes.hasRemaining()) {
            position += channel.write(bytes, position);
        }
    }

    /** A part of a tensor that one thread makes, from a seed of its own. */
    private record Chunk(RandomTensor tensor, long position, int count, int number) {}
}
