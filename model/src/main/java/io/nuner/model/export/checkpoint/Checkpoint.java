package io.nuner.model.export.checkpoint;

import io.nuner.model.ModelException;
import io.nuner.model.export.checkpoint.weights.ElementType;
import io.nuner.model.export.checkpoint.weights.SafetensorsHeader;
import io.nuner.model.export.checkpoint.weights.TensorEntry;
import io.nuner.model.export.checkpoint.weights.TorchArchive;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The tensors of a checkpoint directory, read from {@code model.safetensors}, or else the shards that {@code
 * model.safetensors.index.json} lists, or else {@code pytorch_model.bin}. Any thread.
 *
 * <p>The files are checked when opened: every tensor lies inside its file. Tensors are mapped into memory one at a time; they
 * stay valid after {@link #close}. Weights are floats, or matrices of bytes with a factor for each row (see
 * docs/adr/0008-second-encoder-family.md).
 */
public final class Checkpoint implements AutoCloseable {
    /** The preferred weights file. */
    public static final String SAFETENSORS = "model.safetensors";

    /** The weights file that torch writes. */
    public static final String TORCH = "pytorch_model.bin";

    private final Path file;
    private final List<WeightsFile> files = new ArrayList<>();
    private final Map<String, Place> places = new LinkedHashMap<>();

    private Checkpoint(Path file) {
        this.file = file;
    }

    /**
     * Opens the weights of a checkpoint directory.
     *
     * @throws ModelException if there are none, or they are damaged, hostile or of an unknown kind
     */
    public static Checkpoint open(Path directory) throws ModelException {
        Path safetensors = directory.resolve(SAFETENSORS);
        if (Files.exists(safetensors)) {
            return open(safetensors, opened -> opened.add(WeightsFile.open(safetensors, SafetensorsHeader::read)));
        }
        if (Files.exists(directory.resolve(ShardIndex.FILE))) {
            ShardIndex index = ShardIndex.read(directory);
            return open(index.file(), opened -> opened.addShards(index));
        }
        Path torch = directory.resolve(TORCH);
        if (Files.exists(torch)) {
            return open(torch, opened -> opened.add(WeightsFile.open(torch, TorchArchive::read)));
        }
        throw ModelException.of(directory, "holds " + OtherWeights.describe(directory));
    }

    @SuppressWarnings("MustBeClosed") // closed here if opening fails
    private static Checkpoint open(Path file, Filling filling) throws ModelException {
        Checkpoint opened = new Checkpoint(file);
        try {
            filling.fill(opened);
            opened.requireEveryScaleToHaveItsMatrix();
            return opened;
        } catch (ModelException | RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    private void addShards(ShardIndex index) throws ModelException {
        for (String shard : index.shards()) {
            WeightsFile opened = WeightsFile.open(file.resolveSibling(shard), SafetensorsHeader::read);
            add(opened);
            index.requireContent(shard, opened.entries());
        }
    }

    private void add(WeightsFile opened) {
        files.add(opened);
        opened.entries().forEach(entry -> places.put(entry.name(), new Place(opened, entry)));
    }

    /** The weights file, or the index of several. */
    public Path file() {
        return file;
    }

    /** The keys of all tensors, in the order of the files; factors of rows belong to their matrix and are not listed. */
    public List<String> names() {
        return places.keySet().stream()
                .filter(name -> !name.endsWith(ScaledRows.SUFFIX))
                .toList();
    }

    /**
     * The tensor of that key.
     *
     * @throws ModelException if there is none, it is no weight, or the factors of its rows are missing or unusable
     */
    public StoredTensor tensor(String name) throws ModelException {
        Place place = place(name, "is missing");
        return place.entry().type() == ElementType.I8 ? place.read(scaledRows(place.entry())) : floats(place);
    }

    private StoredTensor floats(Place place) throws ModelException {
        TensorEntry entry = place.entry();
        if (!entry.type().isFloat()) {
            throw refuse(entry.name(), "holds " + entry.type() + ", expected one of F32, F16, BF16, I8");
        }
        return place.read(ValueDecoder.of(entry.type()));
    }

    private ScaledRows scaledRows(TensorEntry matrix) throws ModelException {
        List<Integer> shape = matrix.shape();
        if (shape.size() != 2 || shape.get(1) < 1) {
            throw refuse(matrix.name(), "holds I8 and has the shape " + shape + ", only matrices may hold I8");
        }
        String name = matrix.name() + ScaledRows.SUFFIX;
        Place place = place(name, "is missing, the factors of the rows of " + matrix.name());
        TensorEntry factors = place.entry();
        if (factors.type() != ElementType.F32 || !factors.shape().equals(shape.subList(0, 1))) {
            String found = factors.type() + " of shape " + factors.shape();
            throw refuse(name, "holds " + found + ", expected F32 of shape " + shape.subList(0, 1));
        }
        float[] values = floats(place).readAll();
        for (int row = 0; row < values.length; row++) {
            if (!Float.isFinite(values[row])) {
                throw refuse(name, "holds " + values[row] + " at " + row + ", expected finite factors");
            }
        }
        return new ScaledRows(values, shape.get(1));
    }

    private void requireEveryScaleToHaveItsMatrix() throws ModelException {
        for (String name : places.keySet()) {
            if (name.endsWith(ScaledRows.SUFFIX)) {
                String matrix = name.substring(0, name.length() - ScaledRows.SUFFIX.length());
                ElementType type = place(matrix, "is missing, but there is " + name)
                        .entry()
                        .type();
                if (type != ElementType.I8) {
                    throw refuse(name, "has factors for " + matrix + ", which holds " + type + ", not I8");
                }
            }
        }
    }

    private Place place(String name, String otherwise) throws ModelException {
        Place place = places.get(name);
        if (place == null) {
            throw refuse(name, otherwise);
        }
        return place;
    }

    private ModelException refuse(String tensor, String problem) {
        return ModelException.of(file, "tensor " + tensor + " " + problem);
    }

    @Override
    public void close() throws ModelException {
        for (WeightsFile opened : files) {
            opened.close();
        }
    }

    /** A tensor and the file that it lies in. */
    private record Place(WeightsFile file, TensorEntry entry) {
        StoredTensor read(ValueDecoder decoder) throws ModelException {
            return new StoredTensor(entry.name(), entry.shape(), file.map(entry), decoder);
        }
    }

    /** Opens the files of a checkpoint. */
    @FunctionalInterface
    private interface Filling {
        void fill(Checkpoint opened) throws ModelException;
    }
}
