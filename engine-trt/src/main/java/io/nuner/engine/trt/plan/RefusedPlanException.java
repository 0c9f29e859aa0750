package io.nuner.engine.trt.plan;

import java.nio.file.Path;

/** A plan on disk must not reach native code. The message is one sentence that names the file. */
final class RefusedPlanException extends Exception {
    private static final long serialVersionUID = 1L;

    RefusedPlanException(Path file, String problem) {
        super(file + " " + problem);
    }
}
