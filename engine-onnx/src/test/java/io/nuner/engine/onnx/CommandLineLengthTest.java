package io.nuner.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandLineLengthTest {
    @TempDir
    private Path directory;

    @Test
    void aLineAtTheLimitIsTakenAndALongerOneIsNot() throws IOException {
        Path line = directory.resolve("cmdline");

        Files.write(line, new byte[4096]);
        assertThat(CommandLineLength.exceedsLimit(line)).isFalse();

        Files.write(line, new byte[4097]);
        assertThat(CommandLineLength.exceedsLimit(line)).isTrue();
    }

    @Test
    void aSystemThatDoesNotTellIsTrusted() {
        assertThat(CommandLineLength.exceedsLimit(directory.resolve("missing"))).isFalse();
    }
}
