package io.nuner.engine.natives;

/**
 * One native library as it lies in a jar. Immutable.
 *
 * @param resource where the class path has it, without a slash in front
 * @param sha256 of the only content that is accepted, in lower-case hexadecimal digits
 */
public record NativeFile(String resource, String sha256) {
    /** The file's own name. */
    public String name() {
        return resource.substring(resource.lastIndexOf('/') + 1);
    }
}
