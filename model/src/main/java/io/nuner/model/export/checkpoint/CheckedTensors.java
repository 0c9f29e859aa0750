package io.nuner.model.export.checkpoint;

import io.nuner.model.ModelException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The tensors of a checkpoint, handed out only in the shape the configuration asks for. One thread at a time. */
public final class CheckedTensors {
    private static final String POSITION_IDS = "position_ids"; // a buffer of older checkpoints, never a weight

    private final Checkpoint checkpoint;
    private final Set<String> taken = new HashSet<>();

    /** The tensors of a checkpoint, each checked when it is asked for. */
    public CheckedTensors(Checkpoint checkpoint) {
        this.checkpoint = checkpoint;
    }

    /**
     * The tensor of that key.
     *
     * @throws ModelException if it is missing or has another shape
     */
    public StoredTensor require(String name, Integer... shape) throws ModelException {
        StoredTensor tensor = checkpoint.tensor(name);
        if (!tensor.shape().equals(List.of(shape))) {
            throw ModelException.of(
                    checkpoint.file(),
                    "tensor " + name + " has the shape " + tensor.shape() + ", expected " + List.of(shape));
        }
        taken.add(name);
        return tensor;
    }

    /**
     * A tensor of two dimensions whose first one is free.
     *
     * @throws ModelException if it is missing or has another shape
     */
    public StoredTensor requireRows(String name, int columns) throws ModelException {
        StoredTensor tensor = checkpoint.tensor(name);
        List<Integer> shape = tensor.shape();
        if (shape.size() != 2 || shape.get(0) < 1 || shape.get(1) != columns) {
            throw ModelException.of(
                    checkpoint.file(),
                    "tensor " + name + " has the shape " + shape + ", expected [any, " + columns + "]");
        }
        taken.add(name);
        return tensor;
    }

    /** Accepts a tensor that is not read, whether the checkpoint has it or not. */
    public void ignore(String name) {
        taken.add(name);
    }

    /**
     * Refuses a checkpoint with weights that were not asked for: it is of an unknown kind.
     *
     * @throws ModelException naming one of them
     */
    public void requireAllTaken() throws ModelException {
        List<String> left = new ArrayList<>(checkpoint.names());
        left.removeAll(taken);
        left.removeIf(name -> name.endsWith(POSITION_IDS));
        if (!left.isEmpty()) {
            throw ModelException.of(
                    checkpoint.file(),
                    "holds " + left.size() + " tensors that this kind of model does not have, " + left.get(0)
                            + " among them");
        }
    }
}
