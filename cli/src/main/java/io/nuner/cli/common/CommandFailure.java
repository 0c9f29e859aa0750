package io.nuner.cli.common;

import com.sun.management.UnixOperatingSystemMXBean;
import io.nuner.engine.EngineException;
import io.nuner.engine.natives.NativeLibraryException;
import io.nuner.model.ModelException;
import java.lang.management.ManagementFactory;
import org.jspecify.annotations.Nullable;

/** Ends a command with one line on stderr and an exit code. The message carries no user text. */
public final class CommandFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private static final int FEW_FILES = 8;

    private final int exitCode;

    public CommandFailure(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    public CommandFailure(int exitCode, String message, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    /**
     * A model that cannot be used, a disk or a permission that prevents it, or a native library or an engine that does not work here.
     */
    public static CommandFailure of(ModelException failure) {
        return new CommandFailure(exitCode(failure), String.valueOf(failure.getMessage()), failure);
    }

    /** This thread was interrupted, and stays so. */
    public static CommandFailure interrupted(InterruptedException failure) {
        Thread.currentThread().interrupt();
        return new CommandFailure(ExitCode.FAILED, "interrupted", failure);
    }

    private static int exitCode(ModelException failure) {
        if (failure.getCause() instanceof NativeLibraryException || failure.getCause() instanceof EngineException) {
            return ExitCode.NO_ENGINE;
        }
        return failure.isDiskProblem() ? ExitCode.FAILED : ExitCode.BAD_MODEL;
    }

    /**
     * A failure that no command foresaw: the machine lacks something, or the program has an error. The line does not show its
     * message, which could hold a text.
     */
    public static CommandFailure unforeseen(Throwable failure) {
        if (isCausedBy(failure, OutOfMemoryError.class)) {
            return new CommandFailure(ExitCode.OUT_OF_MEMORY, noMemory(), failure);
        }
        if (isOfTooManyFiles(failure)) {
            String line = "no more files can be opened; the limit is too low (ulimit -n)";
            return new CommandFailure(ExitCode.FAILED, line, failure);
        }
        StackTraceElement[] trace = failure.getStackTrace();
        String place = trace.length == 0 ? "" : " at " + trace[0];
        String line = "internal error: " + failure.getClass().getName() + place;
        return new CommandFailure(ExitCode.INTERNAL, line, failure);
    }

    public int exitCode() {
        return exitCode;
    }

    private static String noMemory() {
        return "out of memory with a heap of " + (Runtime.getRuntime().maxMemory() >> 20)
                + " MiB; give more, such as JAVA_OPTS=-Xmx4g, or use a smaller model or configuration";
    }

    private static boolean isCausedBy(Throwable failure, Class<? extends Throwable> kind) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (kind.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }

    /** Where a library cannot be opened, the virtual machine only says that a class is missing. */
    private static boolean isOfTooManyFiles(Throwable failure) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (String.valueOf(cause.getMessage()).contains("Too many open files")) {
                return true;
            }
        }
        return isCausedBy(failure, LinkageError.class) && areFilesUsedUp();
    }

    private static boolean areFilesUsedUp() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                && unix.getOpenFileDescriptorCount() + FEW_FILES >= unix.getMaxFileDescriptorCount();
    }
}
