package io.nuner.model.export.checkpoint;

import io.nuner.model.ModelException;
import io.nuner.model.RegularFile;
import io.nuner.model.export.checkpoint.weights.TensorEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

/** One open file of weights and the tensors in it, each checked to lie inside. Any thread. */
final class WeightsFile implements AutoCloseable {
    private final Path path;
    private final FileChannel channel;
    private final List<TensorEntry> entries;

    private WeightsFile(Path path, FileChannel channel, Collection<TensorEntry> entries) {
        this.path = path;
        this.channel = channel;
        this.entries = List.copyOf(entries);
    }

    /**
     * Opens a file.
     *
     * @throws ModelException if it is missing, damaged, hostile or of another kind
     */
    @SuppressWarnings("MustBeClosed") // the file keeps the channel
    static WeightsFile open(Path path, Format format) throws ModelException {
        try {
            FileChannel channel = RegularFile.open(path);
            try {
                return new WeightsFile(path, channel, format.read(path, channel));
            } catch (IOException | ModelException | RuntimeException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw ModelException.of(path, e);
        }
    }

    Path path() {
        return path;
    }

    /** In the order of the file. */
    List<TensorEntry> entries() {
        return entries;
    }

    /** The bytes of one of its tensors, mapped; they stay valid after {@link #close}. */
    ByteBuffer map(TensorEntry entry) throws ModelException {
        try {
            return channel.map(FileChannel.MapMode.READ_ONLY, entry.offset(), entry.bytes());
        } catch (IOException e) {
            throw ModelException.of(path, e);
        }
    }

    @Override
    public void close() throws ModelException {
        try {
            channel.close();
        } catch (IOException e) {
            throw ModelException.of(path, e);
        }
    }

    /** Reads where the tensors of a file lie. */
    @FunctionalInterface
    interface Format {
        Collection<TensorEntry> read(Path file, FileChannel channel) throws IOException, ModelException;
    }
}
