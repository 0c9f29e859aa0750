package io.nuner.model;

import java.util.Objects;

/**
 * A file of an exported model. Immutable.
 *
 * @param path its name inside the model's directory
 * @param size bytes
 * @param sha256 SHA-256 of its content, 64 lower-case hexadecimal digits
 */
public record ManifestFile(String path, long size, String sha256) {
    public ManifestFile {
        Objects.requireNonNull(path);
        Objects.requireNonNull(sha256);
    }
}
