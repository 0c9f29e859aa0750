package io.nuner.cli.common;

import io.nuner.files.FileProblem;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

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

    private boolean isStandardOutput() {
        return STANDARD_OUTPUT.equals(name);
    }

    /** Fails if the file cannot be written; called before the work. */
    public void requirePlace() throws CommandFailure {
        if (name == null || isStandardOutput()) {
            return;
        }
        Path file = Path.of(name).toAbsolutePath();
        Path directory = file.getParent();
        if (directory == null || Files.isDirectory(file)) {
            throw cannotWrite("it is a directory", null);
        }
        if (!Files.isDirectory(directory)) {
            throw cannotWrite("there is no directory " + directory, null);
        }
        if (!Files.isWritable(directory)) {
            throw cannotWrite("permission denied", null);
        }
    }

    private CommandFailure cannotWrite(String reason, @Nullable IOException cause) {
        String message = "cannot write " + option + " " + name + ": " + reason;
        return cause == null
                ? new CommandFailure(ExitCode.FAILED, message)
                : new CommandFailure(ExitCode.FAILED, message, cause);
    }

    /**
     * Prints a table and writes the same figures as JSON, if asked to. JSON on standard output sends the table to standard
     * error.
     */
    public void publish(CommandLine command, Consumer<PrintWriter> table, Supplier<String> json) throws CommandFailure {
        PrintWriter shown = isStandardOutput() ? command.getErr() : command.getOut();
        table.accept(shown);
        shown.flush();
        if (isStandardOutput()) {
            command.getOut().println(json.get());
            command.getOut().flush();
        }
        write(writer -> writer.write(json.get() + System.lineSeparator()));
    }

    /** Writes the file; nothing if none was named. */
    public void write(Content content) throws CommandFailure {
        if (name == null || isStandardOutput()) {
            return;
        }
        try (Writer out = Files.newBufferedWriter(Path.of(name))) {
            content.writeTo(out);
        } catch (IOException e) {
            throw cannotWrite(FileProblem.reasonOfWriting(e), e);
        }
    }
}
