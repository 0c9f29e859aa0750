package io.nuner.model.export.onnx;

import io.nuner.engine.GraphWeight;
import io.nuner.model.format.onnx.StringStringEntryProto;
import io.nuner.model.format.onnx.TensorProto;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The file beside a graph that holds its weights, floats little-endian (ONNX, docs/ExternalData.md). One thread at a time;
 * owns the file until closed.
 *
 * <p>Weights start at multiples of 64 bytes, large ones at multiples of 4096, so that a runtime can map them.
 */
public final class WeightFile implements AutoCloseable {
    private static final int ALIGNMENT = 64;
    private static final int LARGE_ALIGNMENT = 4096;
    private static final int LARGE_BYTES = 1 << 20;
    private static final int BUFFER_BYTES = 1 << 20;

    private final String name;
    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final Weights.Sink sink = new BufferSink();
    private long written;

    private WeightFile(String name, FileChannel channel) {
        this.name = name;
        this.channel = channel;
    }

    /** Creates the file; it must not exist. */
    @SuppressWarnings("MustBeClosed") // the weight file keeps the channel
    public static WeightFile create(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
        return new WeightFile(file.getFileName().toString(), channel);
    }

    /** Appends the weights and returns the initializer that points at them. */
    TensorProto append(String weightName, Weights weights) throws IOException {
        long bytes = weights.type().bytes();
        for (int dimension : weights.shape()) {
            bytes = Math.multiplyExact(bytes, (long) dimension);
        }
        align(bytes >= LARGE_BYTES ? LARGE_ALIGNMENT : ALIGNMENT);
        long start = written;
        weights.writeTo(sink);
        if (written - start != bytes) {
            throw new IOException(weightName + " gave " + (written - start) + " bytes, expected " + bytes);
        }
        TensorProto.Builder tensor = TensorProto.newBuilder()
                .setName(weightName)
                .setDataType(dataType(weights.type()).getNumber())
                .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                .addExternalData(entry("location", name))
                .addExternalData(entry("offset", Long.toString(start)))
                .addExternalData(entry("length", Long.toString(bytes)));
        weights.shape().forEach(tensor::addDims);
        return tensor.build();
    }

    private static TensorProto.DataType dataType(GraphWeight.Type type) {
        return switch (type) {
            case FLOAT32 -> TensorProto.DataType.FLOAT;
            case INT8 -> TensorProto.DataType.INT8;
        };
    }

    private static StringStringEntryProto entry(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }

    private void align(int alignment) throws IOException {
        while (written % alignment != 0) {
            if (!buffer.hasRemaining()) {
                flush();
            }
            buffer.put((byte) 0);
            written++;
        }
    }

    private void flush() throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            flush();
            channel.force(false);
        }
    }

    /** Fills the buffer, and the file whenever that is full. */
    private final class BufferSink implements Weights.Sink {
        @Override
        public void put(float[] values, int count) throws IOException {
            int done = 0;
            while (done < count) {
                if (buffer.remaining() < Float.BYTES) {
                    flush();
                }
                int chunk = Math.min(count - done, buffer.remaining() / Float.BYTES);
                buffer.asFloatBuffer().put(values, done, chunk);
                buffer.position(buffer.position() + chunk * Float.BYTES);
                done += chunk;
            }
            written += (long) count * Float.BYTES;
        }

        @Override
        public void put(byte[] values, int count) throws IOException {
            int done = 0;
            while (done < count) {
                if (!buffer.hasRemaining()) {
                    flush();
                }
                int chunk = Math.min(count - done, buffer.remaining());
                buffer.put(values, done, chunk);
                done += chunk;
            }
            written += count;
        }
    }
}
