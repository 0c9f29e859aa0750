package io.nuner.engine.testing;

import io.nuner.engine.ModelGraph;
import io.nuner.engine.ModelGraphs;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Graphs that no engine can load, for tests that load none. */
public final class FakeGraphs {
    private FakeGraphs() {}

    /** A small model, both graphs of that name. */
    public static ModelGraphs named(String file) {
        return new ModelGraphs(graph(file), graph(file), 1, 10, 512, "", List::of);
    }

    /** A file of that name which holds no graph. */
    public static ModelGraph graph(String file) {
        return new ModelGraph(Path.of(file), "no graph".getBytes(StandardCharsets.UTF_8), List.of(), () -> {});
    }
}
