package io.nuner.cli;

import io.nuner.engine.natives.NativeLibraryException;
import io.nuner.model.ModelException;

/** Ends a command with one line on stderr and an exit code. The message carries no user text. */
final class CommandFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    CommandFailure(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    CommandFailure(int exitCode, String message, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    /** A model that cannot be used, or that cannot be tried because a native library does not load here. */
    static CommandFailure of(ModelException e) {
        boolean nothingRuns = e.getCause() instanceof NativeLibraryException;
        return new CommandFailure(
                nothingRuns ? ExitCode.NO_ENGINE : ExitCode.BAD_MODEL, String.valueOf(e.getMessage()), e);
    }

    int exitCode() {
        return exitCode;
    }
}
