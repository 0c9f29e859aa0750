package io.nuner.engine.trt.library;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LibraryDirectoriesTest {
    @Test
    void theLibraryPathComesBeforeTheUsualPlaces() {
        LibraryDirectories directories = LibraryDirectories.of(Map.of("LD_LIBRARY_PATH", "/first::/second"));

        assertThat(directories.driver()).startsWith(Path.of("/first"), Path.of("/second"));
        assertThat(directories.driver()).contains(Path.of("/usr/lib/x86_64-linux-gnu"));
        assertThat(directories.vendor()).startsWith(Path.of("/first"), Path.of("/second"));
        assertThat(directories.vendor()).contains(Path.of("/usr/local/cuda/lib64"));
        assertThat(directories.chosen()).isEmpty();
    }

    @Test
    void theOperatorsChoiceComesFirstForTheRuntimeToo() {
        LibraryDirectories directories =
                LibraryDirectories.of(Map.of("NUNER_TENSORRT_LIBRARIES", "/mine:/other", "LD_LIBRARY_PATH", "/first"));

        assertThat(directories.chosen()).containsExactly(Path.of("/mine"), Path.of("/other"));
        assertThat(directories.runtime()).startsWith(Path.of("/mine"), Path.of("/other"), Path.of("/first"));
    }

    @Test
    void entriesThatAreNoPathsAreSkipped() {
        LibraryDirectories directories = LibraryDirectories.of(Map.of("LD_LIBRARY_PATH", "/a\0b:/second"));

        assertThat(directories.driver()).startsWith(Path.of("/second"));
    }
}
