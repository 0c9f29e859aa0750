package io.nuner.engine;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Runs a model to look inside: its graphs have outputs of the caller's own beside those of {@link GraphNames}. Any thread. */
@FunctionalInterface
public interface GraphInspection {
    /**
     * Loads the graphs, runs each row alone, and forgets them.
     *
     * @param graphs with such outputs in either or both, all float32
     * @param outputs takes the values of these outputs by name, once for each row in their order; on the calling thread
     * @throws EngineException naming the file if a graph cannot be loaded, or if a row failed
     */
    void run(ModelGraphs graphs, List<TokenRow> rows, Consumer<Map<String, float[]>> outputs) throws EngineException;
}
