package io.nuner.model.export.checkpoint;

import io.nuner.model.ModelException;
import io.nuner.model.RegularFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tensors of a checkpoint directory, read from {@code model.safetensors} or else {@code pytorch_model.bin}. Any
 * thread.
 *
 * <p>The file is checked when opened: every tensor lies inside it. Tensors are mapped into memory one at a time; they
 * stay valid after {@link #close}. Weights are floats, or matrices of bytes with a factor for each row (see
 * docs/adr/0008-second-encoder-family.md).
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
            channel = RegularFile.open(file);
            Checkpoint opened = new Checkpoint(file, channel, index(reader.read(file, channel)));
            opened.requireEveryScaleToHaveItsMatrix();
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

    /** The keys of all tensors, in the order of the file; factors of rows belong to their matrix and are not listed. */
    public List<String> names() {
        return entries.keySet().stream()
                .filter(name -> !name.endsWith(ScaledRows.SUFFIX))
                .toList();
    }

    /**
     * The tensor of that key.
     *
     * @throws ModelException if there is none, it is no weight, or the factors of its rows are missing or unusable
     */
    public StoredTensor tensor(String name) throws ModelException {
        TensorEntry entry = entry(name, "is missing");
        return entry.type() == ElementType.I8 ? read(entry, scaledRows(entry)) : floats(entry);
    }

    private StoredTensor floats(TensorEntry entry) throws ModelException {
        if (!entry.type().isFloat()) {
            throw refuse(entry.name(), "holds " + entry.type() + ", expected one of F32, F16, BF16, I8");
        }
        return read(entry, ValueDecoder.of(entry.type()));
    }

    private ScaledRows scaledRows(TensorEntry matrix) throws ModelException {
        List<Integer> shape = matrix.shape();
        if (shape.size() != 2 || shape.get(1) < 1) {
            throw refuse(matrix.name(), "holds I8 and has the shape " + shape + ", only matrices may hold I8");
        }
        String name = matrix.name() + ScaledRows.SUFFIX;
        TensorEntry factors = entry(name, "is missing, the factors of the rows of " + matrix.name());
        if (factors.type() != ElementType.F32 || !factors.shape().equals(shape.subList(0, 1))) {
            String found = factors.type() + " of shape " + factors.shape();
            throw refuse(name, "holds " + found + ", expected F32 of shape " + shape.subList(0, 1));
        }
        float[] values = floats(factors).readAll();
        for (int row = 0; row < values.length; row++) {
            if (!Float.isFinite(values[row])) {
                throw refuse(name, "holds " + values[row] + " at " + row + ", expected finite factors");
            }
        }
        return new ScaledRows(values, shape.get(1));
    }

    private void requireEveryScaleToHaveItsMatrix() throws ModelException {
        for (String name : entries.keySet()) {
            if (name.endsWith(ScaledRows.SUFFIX)) {
                String matrix = name.substring(0, name.length() - ScaledRows.SUFFIX.length());
                ElementType type =
                        entry(matrix, "is missing, but there is " + name).type();
                if (type != ElementType.I8) {
                    throw refuse(name, "has factors for " + matrix + ", which holds " + type + ", not I8");
                }
            }
        }
    }

    private TensorEntry entry(String name, String otherwise) throws ModelException {
        TensorEntry entry = entries.get(name);
        if (entry == null) {
            throw refuse(name, otherwise);
        }
        return entry;
    }

    private StoredTensor read(TensorEntry entry, ValueDecoder decoder) throws ModelException {
        try {
            var bytes = channel.map(FileChannel.MapMode.READ_ONLY, entry.offset(), entry.bytes());
            return new StoredTensor(entry.name(), entry.shape(), bytes, decoder);
        } catch (IOException e) {
            throw ModelException.of(file, e);
        }
    }

    private ModelException refuse(String tensor, String problem) {
        return ModelException.of(file, "tensor " + tensor + " " + problem);
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
