package io.nuner.engine.natives;

import java.nio.file.Path;

/** A native library cannot be had or not be loaded. The message is one sentence that names the place and the cause. */
public final class NativeLibraryException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Takes the sentence, without a full stop. */
    public NativeLibraryException(String message) {
        super(message);
    }

    /** Takes the sentence, without a full stop, and what led to it. */
    public NativeLibraryException(String message, Throwable cause) {
        super(message, cause);
    }

    /** A place that others may change; the problem continues a sentence. */
    static NativeLibraryException notTrusted(Path path, String problem) {
        return new NativeLibraryException("native code is not loaded from " + path + ": it " + problem);
    }

    /** The linker refused a library that was verified before. */
    public static NativeLibraryException notLoaded(Path library, UnsatisfiedLinkError refusal) {
        String reason = String.valueOf(refusal.getMessage());
        String prefix = library + ": ";
        while (reason.startsWith(prefix)) {
            reason = reason.substring(prefix.length());
        }
        // what the linker says where a file system may not be executed from
        boolean noexec = reason.contains("failed to map segment") || reason.contains("Operation not permitted");
        String advice = noexec
                ? "; its file system seems to be mounted noexec: name another place by --cache, NUNER_CACHE or"
                        + " --native-libraries"
                : "";
        return new NativeLibraryException(library + " does not load: " + reason + advice, refusal);
    }
}
