package io.nuner.engine;

import java.nio.file.Path;
import java.util.List;

/**
 * A graph with its weights, as they were when they were verified: engines open none of its files by name. Immutable, any
 * thread.
 */
public final class ModelGraph {
    private final Path file;
    private final byte[] onnx;
    private final List<GraphWeight> weights;
    private final Check unchanged;

    /**
     * A graph whose files were read.
     *
     * @param file where the graph came from, for messages
     * @param onnx the graph, not copied
     * @param weights those that lie outside of it, all of them
     * @param unchanged what {@link #requireUnchanged} does
     */
    public ModelGraph(Path file, byte[] onnx, List<GraphWeight> weights, Check unchanged) {
        this.file = file;
        this.onnx = onnx;
        this.weights = List.copyOf(weights);
        this.unchanged = unchanged;
    }

    /** Where the graph came from, for messages. */
    public Path file() {
        return file;
    }

    /** The graph in the format of ONNX; not to be changed. */
    @SuppressWarnings("EI_EXPOSE_REP")
    public byte[] onnx() {
        return onnx;
    }

    /** The weights outside of the graph. */
    public List<GraphWeight> weights() {
        return weights;
    }

    /**
     * Refuses weights that were written to since they were verified. They are mapped, not copied, so an engine asks for this
     * when it has read them.
     *
     * @throws EngineException naming the file
     */
    public void requireUnchanged() throws EngineException {
        unchanged.require();
    }

    /** Looks at the file of the weights once more. */
    @FunctionalInterface
    public interface Check {
        /** Throws if the file is another one now. */
        void require() throws EngineException;
    }
}
