package io.nuner.engine.trt.typing;

import io.nuner.engine.GraphWeight;
import io.nuner.model.format.onnx.StringStringEntryProto;
import io.nuner.model.format.onnx.TensorProto;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Copies weights into a file and rounds those that become half. One thread at a time; owns the file until closed, and a few
 * megabytes whatever its size.
 *
 * <p>Weights start at multiples of 64 bytes, large ones at multiples of 4096, as an export has them.
 */
final class WeightCopy implements AutoCloseable {
    private static final int ALIGNMENT = 64;
    private static final int LARGE_ALIGNMENT = 4096;
    private static final int LARGE_BYTES = 1 << 20;
    private static final int CHUNK_BYTES = 1 << 20;

    private final HalfType half;
    private final String targetName;
    private final Map<String, GraphWeight> sources;
    private final FileChannel target;
    private final ByteBuffer rounded =
            ByteBuffer.allocateDirect(CHUNK_BYTES / 2).order(ByteOrder.LITTLE_ENDIAN);
    private long written;

    private WeightCopy(HalfType half, String targetName, Map<String, GraphWeight> sources, FileChannel target) {
        this.half = half;
        this.targetName = targetName;
        this.sources = sources;
        this.target = target;
    }

    /** Creates the target, which must not exist. */
    @SuppressWarnings("MustBeClosed") // the copy keeps the channel
    static WeightCopy open(HalfType half, List<GraphWeight> sources, Path target) throws IOException {
        Map<String, GraphWeight> byName =
                sources.stream().collect(Collectors.toMap(GraphWeight::name, weight -> weight, (one, other) -> one));
        FileChannel to = FileChannel.open(target, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
        return new WeightCopy(half, target.getFileName().toString(), byName, to);
    }

    /**
     * Copies one weight.
     *
     * @param weight a float32 one
     * @param rounds whether it becomes half
     * @return the weight with its new type and place
     * @throws TypingException naming the weight if a value lies outside the half type's range, or it was not read
     */
    TensorProto copy(TensorProto weight, boolean rounds) throws IOException, TypingException {
        ByteBuffer source = source(weight);
        int bytes = rounds ? source.remaining() / 2 : source.remaining();
        align(bytes >= LARGE_BYTES ? LARGE_ALIGNMENT : ALIGNMENT);
        long start = written;
        while (source.hasRemaining()) {
            ByteBuffer chunk = source.slice(source.position(), Math.min(CHUNK_BYTES, source.remaining()))
                    .order(ByteOrder.LITTLE_ENDIAN);
            source.position(source.position() + chunk.remaining());
            write(rounds ? round(weight, chunk) : chunk);
        }
        return weight.toBuilder()
                .setDataType(rounds ? half.element().getNumber() : weight.getDataType())
                .clearExternalData()
                .addExternalData(entry("location", targetName))
                .addExternalData(entry("offset", Long.toString(start)))
                .addExternalData(entry("length", Integer.toString(bytes)))
                .build();
    }

    private static StringStringEntryProto entry(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }

    private ByteBuffer source(TensorProto weight) throws TypingException {
        GraphWeight source = sources.get(weight.getName());
        if (source == null) {
            throw new TypingException("places the weight " + weight.getName() + " where none was read");
        }
        return source.values();
    }

    private ByteBuffer round(TensorProto weight, ByteBuffer chunk) throws TypingException {
        rounded.clear();
        for (int at = 0; at < chunk.limit(); at += Float.BYTES) {
            float value = chunk.getFloat(at);
            if (!half.holds(value)) {
                throw new TypingException(
                        "holds " + value + " in the weight " + weight.getName() + ", " + half.refusal(value));
            }
            rounded.putShort(half.round(value));
        }
        return rounded.flip();
    }

    private void align(int alignment) throws IOException {
        int padding = (int) (-written & (alignment - 1));
        write(ByteBuffer.allocate(padding));
    }

    private void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            written += target.write(bytes);
        }
    }

    @Override
    public void close() throws IOException {
        try (target) {
            target.force(false);
        }
    }
}
