package io.nuner.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
    @TempDir
    private Path directory = Path.of("");

    @Test
    void writesBuffersOneAfterTheOtherInPlaceOfWhatWasThere() throws Exception {
        Path file = Files.writeString(directory.resolve("timings"), "old and longer");

        AtomicFile.write(file, List.of(bytes("one "), bytes("two")));

        assertThat(file).hasContent("one two");
        assertOnly(file);
    }

    @Test
    void leavesNothingBehindWhenItFails() throws Exception {
        Path occupied = directory.resolve("plan");
        Files.createDirectories(occupied.resolve("in-the-way"));

        assertThatIOException().isThrownBy(() -> AtomicFile.write(occupied, List.of(bytes("x"))));

        assertOnly(occupied);
    }

    private void assertOnly(Path expected) throws Exception {
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).containsExactly(expected);
        }
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
