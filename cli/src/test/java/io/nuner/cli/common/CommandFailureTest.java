package io.nuner.cli.common;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.cli.CommandRun;
import io.nuner.model.ModelException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Failures that no command foresaw end it with one line and a code of their own. */
class CommandFailureTest {
    private static final Path FILE = Path.of("/models/x");

    @Test
    void anErrorOfTheProgramIsNoLostEngine() {
        CommandRun run = extract(() -> new IllegalStateException("the text of a user"));

        assertThat(run.err())
                .startsWith("nuner extract: internal error: java.lang.IllegalStateException at ")
                .doesNotContain("the text of a user")
                .hasLineCount(1);
        assertThat(run.exitCode()).isEqualTo(79);
    }

    @Test
    void soIsOneThatIsNoException() {
        CommandRun run = extract(() -> new StackOverflowError("deep"));

        assertThat(run.err())
                .contains("internal error: java.lang.StackOverflowError")
                .hasLineCount(1);
        assertThat(run.exitCode()).isEqualTo(ExitCode.INTERNAL);
    }

    @Test
    void tooLittleMemoryHasTheCodeOfTheVirtualMachineItself() {
        CommandRun run = extract(() -> new OutOfMemoryError("Java heap space"));

        assertThat(run.err()).contains("out of memory with a heap of ").hasLineCount(1);
        assertThat(run.exitCode()).isEqualTo(3);
    }

    @Test
    void anErrorOfTheProgramInTheMiddleOfAnotherIsFound() {
        CommandFailure failure =
                CommandFailure.unforeseen(new IllegalStateException(new OutOfMemoryError("Java heap space")));

        assertThat(failure.exitCode()).isEqualTo(ExitCode.OUT_OF_MEMORY);
    }

    @Test
    void tooFewFilesAreACauseOutsideTheProgram() {
        CommandRun run = extract(() -> new UncheckedIOException(new IOException("x.jar: Too many open files")));

        assertThat(run.err()).contains("no more files can be opened; the limit is too low (ulimit -n)");
        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
    }

    @ParameterizedTest
    @MethodSource("ofTheDisk")
    void aDiskOrAPermissionIsNotTheModelsFault(ModelException failure, String words) {
        CommandFailure end = CommandFailure.of(failure);

        assertThat(end).hasMessage("/models/x: " + words);
        assertThat(end.exitCode()).isEqualTo(ExitCode.FAILED);
    }

    static Object[][] ofTheDisk() {
        return new Object[][] {
            {
                ModelException.of(FILE, new IOException("No space left on device")),
                "cannot be read or written: No space left on device"
            },
            {
                ModelException.of(FILE, new AccessDeniedException("/models/x")),
                "cannot be read or written: permission denied"
            },
            {
                ModelException.of(FILE, new FileSystemException("/models/x", null, "Read-only file system")),
                "cannot be read or written: Read-only file system"
            },
            {
                ModelException.cannotWrite(FILE, new NoSuchFileException("/proc/.zz")),
                "cannot be written: nothing can be made there"
            }
        };
    }

    @ParameterizedTest
    @MethodSource("ofTheModel")
    void whatAFileHoldsIs(ModelException failure) {
        assertThat(CommandFailure.of(failure).exitCode()).isEqualTo(ExitCode.BAD_MODEL);
    }

    static Object[] ofTheModel() {
        return new Object[] {
            ModelException.of(FILE, new NoSuchFileException("/models/x")),
            ModelException.of(FILE, new MalformedInputException(1)),
            ModelException.of(FILE, new EOFException()),
            ModelException.of(FILE, "is no model"),
            new ModelException("no model", new IOException("x"))
        };
    }

    /** A command that fails when it reads standard input. */
    private static CommandRun extract(Supplier<Throwable> failure) {
        InputStream original = System.in;
        System.setIn(new Failing(failure));
        try {
            return CommandRun.of("extract", "--label=person");
        } finally {
            System.setIn(original);
        }
    }

    private static final class Failing extends InputStream {
        private final Supplier<Throwable> failure;

        private Failing(Supplier<Throwable> failure) {
            this.failure = failure;
        }

        @Override
        public int read(byte[] target, int from, int length) {
            return read();
        }

        @Override
        public int read() {
            Throwable thrown = failure.get();
            if (thrown instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) thrown;
        }
    }
}
