package io.nuner.engine.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.RunOptions;
import org.jspecify.annotations.Nullable;

/** The options of runs that give back to the system, at their end, whatever memory no run uses. Any thread. */
final class ReturningMemory {
    /** Never closed: runs of lanes that hang may still read it. */
    private static @Nullable RunOptions options;

    private ReturningMemory() {}

    static synchronized RunOptions options() throws OrtException {
        RunOptions known = options;
        if (known == null) {
            known = new RunOptions();
            known.addRunConfigEntry("memory.enable_memory_arena_shrinkage", "cpu:0");
            options = known;
        }
        return known;
    }
}
