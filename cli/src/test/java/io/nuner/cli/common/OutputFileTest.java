package io.nuner.cli.common;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A place where nothing can be written is named with the cause, before the work and after it. */
class OutputFileTest {
    @TempDir
    private Path directory;

    @Test
    void aDirectory() {
        refuses(directory, "it is a directory", "Is a directory");
    }

    @Test
    void aPlaceInADirectoryThatIsNotThere() {
        Path absent = directory.resolve("absent");

        refuses(absent.resolve("file"), "there is no directory " + absent, "nothing can be made there");
    }

    private static void refuses(Path file, String before, String after) {
        OutputFile output = new OutputFile("--json", file.toString());
        String start = "cannot write --json " + file + ": ";

        assertThatExceptionOfType(CommandFailure.class)
                .isThrownBy(output::requirePlace)
                .withMessage(start + before);
        assertThatExceptionOfType(CommandFailure.class)
                .isThrownBy(() -> output.write(out -> out.write("x")))
                .withMessage(start + after);
    }
}
