package io.nuner.model.export.checkpoint;

import io.nuner.model.ModelException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tensors of a checkpoint directory, read from {@code model.safetensors} or else {@code pytorch_model.bin}. Any
 * thread.
 *
 * <p>The file is checked when opened: every tensor lies inside it. Tensors are mapped into memory one at a time; they
 * stay valid after {@link #close}.
 */
public final class Checkpoint implements AutoCloseable {
    /** The preferred weights file. */
    public static final String SAFETENSORS = "model.safetensors";

    /** The weights file that torch writes. */
    public static final String TORCH = "pytorch_model.bin";

    private final Path file;
    private final FileChannel channel;
    private final Map<String, TensorEntry> entries;

    private Checkpoint(Path file, FileChannel channel, Map<String, TensorEntry> entries) {
        this.file = file;
        this.channel = channel;
        this.entries = entries;
    }

    /**
     * Opens the weights of a checkpoint directory.
     *
     * @throws ModelException if there are none, or they are damaged, hostile or of an unknown kind
     */
    public static Checkpoint open(Path directory) throws ModelException {
        Path safetensors = directory.resolve(SAFETENSORS);
        if (Files.exists(safetensors)) {
            return open(safetensors, SafetensorsHeader::read);
        }
        Path torch = directory.resolve(TORCH);
        if (Files.exists(torch)) {
            return open(torch, TorchArchive::read);
        }
        throw ModelException.of(directory, "holds neither " + SAFETENSORS + " nor " + TORCH);
    }

    @SuppressWarnings("MustBeClosed") // the checkpoint keeps the channel
    private static Checkpoint open(Path file, DirectoryReader reader) throws ModelException {
        FileChannel channel = null;
        try {
            channel = FileChannel.open(file, StandardOpenOption.READ);
            Checkpoint opened = new Checkpoint(file, channel, index(reader.read(file, channel)));
            channel = null;
            return opened;
        } catch (IOException e) {
            throw ModelException.of(file, e);
        } finally {
            closeQuietly(channel);
        }
    }

    private static Map<String, TensorEntry> index(Collection<TensorEntry> list) {
        Map<String, TensorEntry> entries = new LinkedHashMap<>();
        list.forEach(entry -> entries.put(entry.name(), entry));
        return entries;
    }

    private static void closeQuietly(@Nullable FileChannel channel) {
        if (channel == null) {
            return;
        }
        try {
            channel.close();
        } catch (IOException e) {
            // nothing was written; the failure that brought us here is the one to report
        }
    }

    /** The weights file. */
    public Path file() {
        return file;
    }

    /** The keys of all tensors, in the order of the file. */
    public Set<String> names() {
        return entries.keySet();
    }

    /**
     * The tensor of that key.
     *
     * @throws ModelException if there is none or it is no weight
     */
    public StoredTensor tensor(String name) throws ModelException {
        TensorEntry entry = entries.get(name);
        if (entry == null) {
            throw ModelException.of(file, "tensor " + name + " is missing");
        }
        if (!entry.type().isWeight()) {
            throw ModelException.of(
                    file, "tensor " + name + " holds " + entry.type() + ", expected one of F32, F16, BF16");
        }
        try {
            var bytes = channel.map(FileChannel.MapMode.READ_ONLY, entry.offset(), entry.bytes());
            return new StoredTensor(name, entry.type(), entry.shape(), bytes);
        } catch (IOException e) {
            throw ModelException.of(file, e);
        }
    }

    @Override
    public void close() throws ModelException {
        try {
            channel.close();
        } catch (IOException e) {
            throw ModelException.of(file, e);
        }
    }

    /** Reads where the tensors of a file lie. */
    @FunctionalInterface
    private interface DirectoryReader {
        Collection<TensorEntry> read(Path file, FileChannel channel) throws IOException, ModelException;
    }
}
