package io.nuner.model.export.checkpoint.weights;

import io.nuner.model.ModelException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** Reads of a checkpoint file at given offsets, each checked against its size. One thread at a time. */
public final class FileBytes {
    private final Path file;
    private final FileChannel channel;
    private final long size;

    public FileBytes(Path file, FileChannel channel) throws IOException {
        this.file = file;
        this.channel = channel;
        size = channel.size();
    }

    public long size() {
        return size;
    }

    /** A little-endian copy of {@code count} bytes, positioned at 0. */
    public ByteBuffer read(long offset, int count) throws IOException, ModelException {
        return ByteBuffer.wrap(copy(offset, count)).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** A copy of {@code count} bytes. */
    public byte[] copy(long offset, int count) throws IOException, ModelException {
        if (offset < 0 || offset > size || count > size - offset) {
            throw refuse("ends early: " + count + " bytes wanted at " + offset + ", the file has " + size);
        }
        byte[] copy = new byte[count];
        ByteBuffer bytes = ByteBuffer.wrap(copy);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, offset + bytes.position()) < 0) {
                throw refuse("ends early at " + (offset + bytes.position()));
            }
        }
        return copy;
    }

    public ModelException refuse(String problem) {
        return ModelException.of(file, problem);
    }
}
