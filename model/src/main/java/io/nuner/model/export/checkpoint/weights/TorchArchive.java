package io.nuner.model.export.checkpoint.weights;

import io.nuner.model.ModelException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A torch checkpoint: a zip of stored entries with one pickle that describes the tensors and one entry for each storage
 * (pytorch, torch/serialization.py). One thread at a time. Nothing in it is ever executed.
 */
public final class TorchArchive {
    private static final String PICKLE = "/data.pkl";
    private static final int MAX_PICKLE_BYTES = 64 << 20;

    private final FileBytes file;
    private final Map<String, ZipDirectory.Entry> entries;
    private final String root;

    private TorchArchive(FileBytes file, Map<String, ZipDirectory.Entry> entries, String root) {
        this.file = file;
        this.entries = entries;
        this.root = root;
    }

    /** The tensors of the file; each lies inside its storage. */
    public static List<TensorEntry> read(Path path, FileChannel channel) throws IOException, ModelException {
        FileBytes file = new FileBytes(path, channel);
        Map<String, ZipDirectory.Entry> entries = ZipDirectory.read(file);
        List<String> pickles = entries.keySet().stream()
                .filter(name -> name.indexOf('/') == name.length() - PICKLE.length() && name.endsWith(PICKLE))
                .toList();
        if (pickles.size() != 1) {
            throw file.refuse("holds " + pickles.size() + " entries data.pkl, expected one");
        }
        String root = pickles.get(0).substring(0, pickles.get(0).length() - PICKLE.length());
        return new TorchArchive(file, entries, root).tensors();
    }

    private List<TensorEntry> tensors() throws IOException, ModelException {
        requireLittleEndian();
        ZipDirectory.Entry pickle = entry(PICKLE);
        if (pickle.size() > MAX_PICKLE_BYTES) {
            throw file.refuse("data.pkl has " + pickle.size() + " bytes, more than " + MAX_PICKLE_BYTES);
        }
        try {
            Object content = PickleMachine.read(file.copy(pickle.offset(), (int) pickle.size()));
            if (!(content instanceof Map<?, ?> dictionary)) {
                throw new PickleRefused("something else than a dictionary of tensors");
            }
            return tensors(dictionary);
        } catch (PickleRefused e) {
            throw file.refuse("data.pkl holds " + e.getMessage() + ", which is refused");
        }
    }

    private List<TensorEntry> tensors(Map<?, ?> dictionary) throws ModelException, PickleRefused {
        List<TensorEntry> tensors = new ArrayList<>();
        for (Map.Entry<?, ?> item : dictionary.entrySet()) {
            String name = (String) item.getKey();
            if (!(item.getValue() instanceof TorchObjects.Tensor tensor)) {
                throw new PickleRefused("under " + name + " something else than a tensor");
            }
            tensors.add(located(name, tensor));
        }
        return tensors;
    }

    private TensorEntry located(String name, TorchObjects.Tensor tensor) throws ModelException {
        ZipDirectory.Entry storage = entry("/data/" + tensor.storage().key());
        ElementType type = tensor.storage().type();
        requireContiguous(name, tensor);
        List<Integer> shape = tensor.shape().stream().map(Math::toIntExact).toList();
        long bytes = TensorEntry.bytes(type, shape);
        long stored = storage.size();
        boolean declared = tensor.storage().elements() >= 0 && tensor.storage().elements() <= stored / type.bytes();
        boolean inside = tensor.offset() >= 0
                && tensor.offset() <= stored / type.bytes()
                && bytes <= stored - tensor.offset() * type.bytes();
        if (!declared || !inside || bytes > TensorEntry.MAX_BYTES) {
            throw file.refuse(
                    "tensor " + name + " of shape " + shape + " does not fit its storage of " + stored + " bytes");
        }
        return new TensorEntry(name, type, shape, storage.offset() + tensor.offset() * type.bytes());
    }

    private void requireContiguous(String name, TorchObjects.Tensor tensor) throws ModelException {
        List<Long> shape = tensor.shape();
        List<Long> strides = tensor.strides();
        boolean contiguous = strides.size() == shape.size();
        long expected = 1;
        for (int i = shape.size() - 1; i >= 0 && contiguous; i--) {
            contiguous = shape.get(i) <= 1 || strides.get(i) == expected;
            expected = Math.min(expected * Math.max(1, shape.get(i)), Integer.MAX_VALUE * 2L);
        }
        if (!contiguous) {
            throw file.refuse("tensor " + name + " has the strides " + strides + ", not those of its shape " + shape);
        }
    }

    private ZipDirectory.Entry entry(String name) throws ModelException {
        ZipDirectory.Entry entry = entries.get(root + name);
        if (entry == null) {
            throw file.refuse("lacks the entry " + root + name);
        }
        return entry;
    }

    private void requireLittleEndian() throws IOException, ModelException {
        ZipDirectory.Entry order = entries.get(root + "/byteorder");
        if (order == null) {
            return;
        }
        byte[] text = file.copy(order.offset(), (int) Math.min(order.size(), 16));
        if (!new String(text, StandardCharsets.US_ASCII).equals("little")) {
            throw file.refuse("is not little-endian");
        }
    }
}
