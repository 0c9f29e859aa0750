package io.nuner.engine.trt.execution;

import java.util.Deque;

/** Frees what belongs together, last made first. */
final class Closing {
    private Closing() {}

    /** Empties the stack. A failure to free cannot be tried again, and the process ends soon if the GPU is lost. */
    static void all(Deque<AutoCloseable> owned) {
        while (!owned.isEmpty()) {
            try {
                owned.pop().close();
            } catch (Exception e) {
                // the next one may still be freed
            }
        }
    }
}
