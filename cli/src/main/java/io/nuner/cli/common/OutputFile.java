package io.nuner.cli.common;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where an option wants something written: a file, {@code -} for standard output, or nowhere. Immutable.
 *
 * @param option with its dashes
 * @param name as given; null if the option was not
 */
public record OutputFile(String option, @Nullable String name) {
    private static final String STANDARD_OUTPUT = "-";

    /** What is written into a file. */
    public interface Content {
        void writeTo(Writer out) throws IOException;
    }

    public boolean isStandardOutput() {
        return STANDARD_OUTPUT.equals(name);
    }

    /** True if a file was named. */
    boolean isFile() {
        return name != null && !isStandardOutput();
    }

    /** Fails before the work rather than after it. */
    public void requirePlace() throws CommandFailure {
        if (name == null || isStandardOutput()) {
            return;
        }
        Path file = Path.of(name).toAbsolutePath();
        Path directory = file.getParent();
        boolean possible = directory != null && Files.isWritable(directory) && !Files.isDirectory(file);
        if (!possible) {
            throw new CommandFailure(ExitCode.FAILED, "cannot write " + option + " " + name);
        }
    }

    /** Writes the file; nothing if none was named. */
    public void write(Content content) throws CommandFailure {
        if (name == null || isStandardOutput()) {
            return;
        }
        try (Writer out = Files.newBufferedWriter(Path.of(name))) {
            content.writeTo(out);
        } catch (IOException e) {
            throw new CommandFailure(
                    ExitCode.FAILED,
                    "cannot write " + option + " " + name + ": " + e.getClass().getSimpleName(),
                    e);
        }
    }
}
