package io.nuner.engine.trt.plan;

import java.util.Objects;

/**
 * A file of a plan's directory. Immutable.
 *
 * @param bytes its size
 * @param sha256 SHA-256 of its content, 64 lower-case hexadecimal digits
 */
record PlanFile(String name, long bytes, String sha256) {
    PlanFile {
        Objects.requireNonNull(name); // JSON may lack them
        Objects.requireNonNull(sha256);
    }
}
