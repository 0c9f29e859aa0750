package io.nuner.model.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.nuner.model.Accuracy;
import io.nuner.model.ModelException;
import io.nuner.model.ModelManifest;
import io.nuner.model.WeightType;
import io.nuner.model.accuracy.LossPolicy;
import io.nuner.model.export.CheckpointExporter;
import io.nuner.model.export.ProgressListener;
import io.nuner.model.export.QuantizedExport;
import io.nuner.model.testing.GivenMagnitudes;
import io.nuner.model.testing.RandomCheckpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelCacheTest {
    @TempDir
    private static Path shared;

    @TempDir
    private Path directory;

    private final List<Path> exports = new ArrayList<>();
    private final List<WeightType> asked = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private Path checkpoint = Path.of("unset");
    private ModelCache cache = new ModelCache(Path.of("unset"), "1", this::export, warnings::add, LossPolicy.REFUSE);

    @BeforeAll
    static void exportOnce() throws ModelException {
        RandomCheckpoint.write(RandomCheckpoint.Shape.TINY, 1, shared.resolve("checkpoint"));
        CheckpointExporter.export(shared.resolve("checkpoint"), shared.resolve("exported"), ProgressListener.none());
    }

    @BeforeEach
    void writeCheckpoint() throws IOException {
        checkpoint = Files.createDirectory(directory.resolve("checkpoint"));
        Files.writeString(checkpoint.resolve("gliner_config.json"), "{}");
        Files.writeString(checkpoint.resolve("model.safetensors"), "weights");
        cache = new ModelCache(directory.resolve("cache"), "1", this::export, warnings::add, LossPolicy.REFUSE);
    }

    @Test
    void aCheckpointIsExportedOnce() throws Exception {
        cache.open(checkpoint, WeightType.FLOAT32);
        cache.open(checkpoint, WeightType.FLOAT32);

        assertThat(exports).hasSize(1).allMatch(Files::isDirectory);
        assertThat(warnings).isEmpty();
    }

    @Test
    void aChangedConfigurationIsAnotherModel() throws Exception {
        cache.open(checkpoint, WeightType.FLOAT32);
        FileTime time = Files.getLastModifiedTime(checkpoint.resolve("gliner_config.json"));
        Files.writeString(checkpoint.resolve("gliner_config.json"), "[]");
        Files.setLastModifiedTime(checkpoint.resolve("gliner_config.json"), time);
        cache.open(checkpoint, WeightType.FLOAT32);

        assertThat(exports).hasSize(2).doesNotHaveDuplicates();
    }

    @Test
    void smallFilesCountByTheirContentAndLargeOnesByTheirTime() throws Exception {
        Path weights = checkpoint.resolve("model.safetensors");
        cache.open(checkpoint, WeightType.FLOAT32);
        Files.setLastModifiedTime(weights, FileTime.fromMillis(1));
        cache.open(checkpoint, WeightType.FLOAT32);
        assertThat(exports).hasSize(1);

        try (FileChannel large = FileChannel.open(weights, StandardOpenOption.WRITE)) {
            large.write(ByteBuffer.allocate(1), 40L << 20);
        }
        cache.open(checkpoint, WeightType.FLOAT32);
        Files.setLastModifiedTime(weights, FileTime.fromMillis(1));
        cache.open(checkpoint, WeightType.FLOAT32);
        assertThat(exports).hasSize(3).doesNotHaveDuplicates();
    }

    @Test
    void exportsWithOtherWeightsAreKeptApart() throws Exception {
        cache.open(checkpoint, WeightType.FLOAT32);
        cache.open(checkpoint, WeightType.INT8);
        cache.open(checkpoint, WeightType.FLOAT32);
        cache.open(checkpoint, WeightType.INT8);

        assertThat(exports).hasSize(2).doesNotHaveDuplicates();
        assertThat(asked).containsExactly(WeightType.FLOAT32, WeightType.INT8);
    }

    @Test
    void anotherExporterVersionMakesAnotherKey() throws IOException {
        assertThat(CheckpointKey.of(checkpoint, "1")).isNotEqualTo(CheckpointKey.of(checkpoint, "2"));
    }

    @Test
    void aFailedExportIsTriedAgainNextTime() throws Exception {
        ModelCache failing = new ModelCache(
                directory.resolve("cache"),
                "1",
                (from, to, weights) -> {
                    throw new ModelException("model.safetensors is truncated");
                },
                warnings::add,
                LossPolicy.REFUSE);
        assertThatExceptionOfType(ModelException.class).isThrownBy(() -> failing.open(checkpoint, WeightType.FLOAT32));

        cache.open(checkpoint, WeightType.FLOAT32);

        assertThat(exports).hasSize(1);
    }

    /** To make it again would take minutes and end in the same way. */
    @Test
    void aRefusedLossIsRememberedUntilItIsAccepted() throws Exception {
        ModelCache refusing =
                new ModelCache(directory.resolve("cache"), "1", this::refuse, warnings::add, LossPolicy.REFUSE);
        for (int start = 0; start < 3; start++) {
            assertThatExceptionOfType(ModelException.class)
                    .isThrownBy(() -> refusing.open(checkpoint, WeightType.INT8))
                    .withMessage("int8 differs too much")
                    .matches(ModelException::isLoss);
        }
        assertThat(exports).hasSize(1);

        refusing.open(checkpoint, WeightType.FLOAT32);
        accepting(false).open(checkpoint, WeightType.INT8);
        assertThat(exports).hasSize(3);
        assertThat(refusing.open(checkpoint, WeightType.INT8)).isNotNull(); // what is there is within the bounds
        assertThat(exports).hasSize(3);
    }

    @Test
    void aLossThatWasAcceptedHasToBeAcceptedByEveryone() throws Exception {
        accepting(true).open(checkpoint, WeightType.INT8);
        accepting(true).open(checkpoint, WeightType.INT8);

        assertThatExceptionOfType(ModelException.class)
                .isThrownBy(() -> cache.open(checkpoint, WeightType.INT8))
                .withMessageContaining("--accept-loss")
                .matches(ModelException::isLoss);
        assertThat(exports).hasSize(1);
        assertThat(warnings).isEmpty();
    }

    @Test
    void aCacheThatCannotBeWrittenIsNamed() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));
        ModelCache unwritable = new ModelCache(file, "1", this::export, warnings::add, LossPolicy.REFUSE);

        assertThatExceptionOfType(ModelException.class)
                .isThrownBy(() -> unwritable.open(checkpoint, WeightType.FLOAT32))
                .withMessageContaining("--cache")
                .matches(ModelException::isDiskProblem);
    }

    /** What a killed process leaves: a hidden directory that nobody writes to any more. */
    @Test
    void whatKilledExportsLeftIsDeletedByTheNext() throws Exception {
        cache.open(checkpoint, WeightType.FLOAT32);
        Path export = exports.get(0);
        Path models = directory.resolve("cache").resolve("models");
        cut(export.resolve("head.weights"));
        for (String left : List.of("." + export.getFileName() + ".1", ".another.2", ".another.3")) {
            Files.createDirectory(models.resolve(left));
            Files.writeString(models.resolve(left).resolve("encoder.weights"), "half");
        }

        cache.open(checkpoint, WeightType.FLOAT32);

        try (Stream<Path> entries = Files.list(models)) {
            assertThat(entries.map(entry -> String.valueOf(entry.getFileName())))
                    .noneMatch(name -> name.startsWith("."));
        }
    }

    @Test
    void whatAnotherProcessIsMakingIsLeftAlone() throws Exception {
        Path models = Files.createDirectories(directory.resolve("cache").resolve("models"));
        try (LockedExport other = LockedExport.of(models, "another")) {
            Path growing = Files.createDirectory(models.resolve(".another.1"));

            cache.open(checkpoint, WeightType.FLOAT32);

            assertThat(growing).isDirectory();
            assertThat(other).isNotNull();
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void theLockIsHeldWhileAnExportIsMade() throws Exception {
        List<String> locks = new ArrayList<>();
        ModelCache watched = new ModelCache(
                directory.resolve("cache"),
                "1",
                (from, to, weights) -> {
                    locks.addAll(locksOn(to.resolveSibling(to.getFileName() + ".lock")));
                    return export(from, to, weights);
                },
                warnings::add,
                LossPolicy.REFUSE);

        watched.open(checkpoint, WeightType.FLOAT32);

        assertThat(locks).hasSize(1);
    }

    /** The system's locks on a file. */
    private static List<String> locksOn(Path file) {
        try (Stream<String> locks = Files.lines(Path.of("/proc/locks"))) {
            String place = ":" + Files.getAttribute(file, "unix:ino") + " ";
            return locks.filter(line -> line.contains(place)).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"encoder.onnx", "encoder.weights", "head.onnx", "head.weights", "tokenizer.json", "manifest.json"
            })
    void aDamagedExportIsMadeAgainWithOneWarning(String file) throws Exception {
        cache.open(checkpoint, WeightType.FLOAT32);
        cut(exports.get(0).resolve(file));

        cache.open(checkpoint, WeightType.FLOAT32);
        cache.open(checkpoint, WeightType.FLOAT32);

        assertThat(exports).hasSize(2);
        assertThat(warnings).singleElement().asString().contains(file).contains("is made again");
    }

    @Test
    void anExportFromElsewhereIsNotTaken() throws Exception {
        cache.open(checkpoint, WeightType.FLOAT32);
        Path other = directory.resolve("other");
        RandomCheckpoint.write(RandomCheckpoint.Shape.TINY, 2, directory.resolve("seed-2"));
        CheckpointExporter.export(directory.resolve("seed-2"), other, ProgressListener.none());
        for (String file : List.of("head.onnx", "head.weights", "manifest.json", "encoder.onnx", "encoder.weights")) {
            Files.copy(other.resolve(file), exports.get(0).resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }

        cache.open(checkpoint, WeightType.FLOAT32);

        assertThat(exports).hasSize(2);
        assertThat(warnings).singleElement().asString().contains("is not the one that was exported");
    }

    private ModelCache accepting(boolean lost) {
        return new ModelCache(
                directory.resolve("cache"),
                "1",
                (from, to, weights) -> lost ? exportLossy(to) : export(from, to, weights),
                warnings::add,
                LossPolicy.ACCEPT);
    }

    private String refuse(Path from, Path to, WeightType weights) throws ModelException {
        if (weights == WeightType.INT8) {
            exports.add(to);
            throw ModelException.ofLoss("int8 differs too much");
        }
        return export(from, to, weights);
    }

    /** An export whose manifest says that a loss was accepted. */
    private String exportLossy(Path to) throws ModelException {
        exports.add(to);
        ModelManifest plain = QuantizedExport.export(
                shared.resolve("checkpoint"), to, new GivenMagnitudes(), ProgressListener.none());
        Accuracy.Entities none = new Accuracy.Entities(0, 0, 0);
        Accuracy.Scores scores = new Accuracy.Scores(9000, 0.1, 0.9, 0.95, 300);
        Accuracy accuracy = new Accuracy(new Accuracy.Sample(1, none, none, scores, List.of()), null, true);
        ModelManifest lossy = plain.withAccuracy(accuracy);
        try {
            Files.delete(to.resolve(ModelManifest.FILE));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        lossy.write(to);
        return lossy.sha256();
    }

    private String export(Path from, Path to, WeightType weights) throws ModelException {
        exports.add(to);
        asked.add(weights);
        try {
            Files.createDirectory(to);
            try (Stream<Path> files = Files.list(shared.resolve("exported"))) {
                for (Path file : files.toList()) {
                    Files.copy(file, to.resolve(file.getFileName()));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ModelManifest.read(to).sha256();
    }

    private static void cut(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() / 2);
        }
    }
}
