package io.nuner.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.nuner.model.ModelException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelCacheTest {
    @TempDir
    private Path directory;

    private final List<Path> exports = new ArrayList<>();
    private Path checkpoint;
    private ModelCache cache;

    @BeforeEach
    void writeCheckpoint() throws IOException {
        checkpoint = Files.createDirectory(directory.resolve("checkpoint"));
        Files.writeString(checkpoint.resolve("gliner_config.json"), "{}");
        Files.writeString(checkpoint.resolve("model.safetensors"), "weights");
        cache = new ModelCache(directory.resolve("cache"), this::export);
    }

    @Test
    void aCheckpointIsExportedOnce() throws Exception {
        Path first = cache.exportOf(checkpoint);
        Path second = cache.exportOf(checkpoint);

        assertThat(second).isEqualTo(first).isDirectory();
        assertThat(exports).containsExactly(first);
    }

    @Test
    void aChangedConfigurationIsAnotherModel() throws Exception {
        Path before = cache.exportOf(checkpoint);
        FileTime time = Files.getLastModifiedTime(checkpoint.resolve("gliner_config.json"));
        Files.writeString(checkpoint.resolve("gliner_config.json"), "[]");
        Files.setLastModifiedTime(checkpoint.resolve("gliner_config.json"), time);

        assertThat(cache.exportOf(checkpoint)).isNotEqualTo(before);
    }

    @Test
    void rewrittenWeightsAreAnotherModel() throws Exception {
        Path before = cache.exportOf(checkpoint);
        Files.setLastModifiedTime(checkpoint.resolve("model.safetensors"), FileTime.fromMillis(1));

        assertThat(cache.exportOf(checkpoint)).isNotEqualTo(before);
    }

    @Test
    void anotherExporterVersionMakesAnotherKey() throws IOException {
        assertThat(CheckpointKey.of(checkpoint, "1")).isNotEqualTo(CheckpointKey.of(checkpoint, "2"));
    }

    @Test
    void aFailedExportIsTriedAgainNextTime() throws Exception {
        ModelCache failing = new ModelCache(directory.resolve("cache"), (from, to) -> {
            throw new ModelException("model.safetensors is truncated");
        });
        assertThatExceptionOfType(ModelException.class).isThrownBy(() -> failing.exportOf(checkpoint));

        cache.exportOf(checkpoint);

        assertThat(exports).hasSize(1);
    }

    @Test
    void aCacheThatCannotBeWrittenIsNamed() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));
        ModelCache unwritable = new ModelCache(file, this::export);

        assertThatExceptionOfType(CommandFailure.class)
                .isThrownBy(() -> unwritable.exportOf(checkpoint))
                .withMessageContaining("--cache");
    }

    private void export(Path from, Path to) {
        exports.add(to);
        try {
            Files.createDirectory(to);
            Files.createFile(to.resolve("manifest.json"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
