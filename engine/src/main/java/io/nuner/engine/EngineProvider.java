package io.nuner.engine;

import io.nuner.engine.natives.LibraryBundle;
import io.nuner.engine.natives.NativeLibraryException;
import java.util.List;
import java.util.Optional;

/** Finds and opens one kind of engine. Found by {@link java.util.ServiceLoader}; needs a public constructor. */
public interface EngineProvider {
    /** Short, lower-case and unique: what {@code --engine} takes. */
    String name();

    /** Rank for {@code --engine auto}: the usable provider with the highest one is taken. */
    int preference();

    /** Whether this machine can run the engine; never throws and never crashes the process. */
    Availability availability();

    /** What suits the engine on this machine; called only where it is usable. */
    default Defaults defaults() {
        return Defaults.CPU;
    }

    /**
     * The native libraries that the engine brings along for this machine, so that they can be unpacked before it runs.
     *
     * @throws NativeLibraryException if there are none for this machine
     */
    default List<LibraryBundle> libraries() throws NativeLibraryException {
        return List.of();
    }

    /**
     * Loads the graphs; takes seconds, or minutes where they are compiled first.
     *
     * @throws EngineException naming the file if a graph cannot be loaded
     */
    InferenceEngine open(ModelGraphs graphs, EngineSettings settings) throws EngineException;

    /** Shows what flows inside a model, where the engine can; used only where the engine is usable. */
    default Optional<GraphInspection> inspection() {
        return Optional.empty();
    }

    /**
     * Whether an engine can run here.
     *
     * @param usable true if {@link EngineProvider#open} may be called
     * @param reason one sentence for the operator
     */
    record Availability(boolean usable, String reason) {}

    /**
     * What suits an engine on this machine where the operator chose nothing.
     *
     * @param lanes execution contexts that run at the same time
     * @param batchRows rows of one batch
     * @param batchTokens rows of a batch times tokens of its longest one
     */
    record Defaults(int lanes, int batchRows, int batchTokens) {
        /** One lane, since the lanes of a CPU share its cores; batches beyond these gain nothing there. */
        public static final Defaults CPU = new Defaults(1, 16, 4096);
    }
}
