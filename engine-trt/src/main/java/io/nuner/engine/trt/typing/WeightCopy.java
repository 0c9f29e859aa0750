package io.nuner.engine.trt.typing;

import io.nuner.model.format.onnx.StringStringEntryProto;
import io.nuner.model.format.onnx.TensorProto;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Copies weights from one weight file to another and rounds those that become half. One thread at a time; owns both files
 * until closed, and a few megabytes whatever their size.
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
    private final FileChannel source;
    private final FileChannel target;
    private final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final ByteBuffer rounded =
            ByteBuffer.allocateDirect(CHUNK_BYTES / 2).order(ByteOrder.LITTLE_ENDIAN);
    private long written;

    private WeightCopy(HalfType half, String targetName, FileChannel source, FileChannel target) {
        this.half = half;
        this.targetName = targetName;
        this.source = source;
        this.target = target;
    }

    /** Opens the source and creates the target, which must not exist. */
    @SuppressWarnings("MustBeClosed") // the copy keeps the channels
    static WeightCopy open(HalfType half, Path source, Path target) throws IOException {
        FileChannel from = FileChannel.open(source, StandardOpenOption.READ);
        try {
            FileChannel to = FileChannel.open(target, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
            return new WeightCopy(half, target.getFileName().toString(), from, to);
        } catch (IOException e) {
            from.close();
            throw e;
        }
    }

    /**
     * Copies one weight.
     *
     * @param weight a float32 one and where it lies in the source
     * @param rounds whether it becomes half
     * @return the weight with its new type and place
     * @throws TypingException naming the weight if a value lies outside the half type's range, or it outside the file
     */
    TensorProto copy(TensorProto weight, boolean rounds) throws IOException, TypingException {
        WeightPlace place = WeightPlace.of(weight);
        long bytes = rounds ? place.length() / 2 : place.length();
        align(bytes >= LARGE_BYTES ? LARGE_ALIGNMENT : ALIGNMENT);
        long start = written;
        for (long done = 0; done < place.length(); done += chunk.limit()) {
            read(weight, place.offset() + done, (int) Math.min(CHUNK_BYTES, place.length() - done));
            write(rounds ? round(weight) : chunk);
        }
        return weight.toBuilder()
                .setDataType(rounds ? half.element().getNumber() : weight.getDataType())
                .clearExternalData()
                .addExternalData(entry("location", targetName))
                .addExternalData(entry("offset", Long.toString(start)))
                .addExternalData(entry("length", Long.toString(bytes)))
                .build();
    }

    private static StringStringEntryProto entry(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }

    private void read(TensorProto weight, long offset, int bytes) throws IOException, TypingException {
        chunk.clear().limit(bytes);
        while (chunk.hasRemaining()) {
            if (source.read(chunk, offset + chunk.position()) < 0) {
                throw new TypingException("places the weight " + weight.getName() + " beyond the end of its file");
            }
        }
        chunk.flip();
    }

    private ByteBuffer round(TensorProto weight) throws TypingException {
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
        try (source;
                target) {
            target.force(false);
        }
    }
}
