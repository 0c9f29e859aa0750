package io.nuner.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nuner.engine.EngineException;
import io.nuner.engine.EngineLane;
import io.nuner.engine.InferenceEngine;
import io.nuner.engine.PackedBatch;
import io.nuner.engine.TokenRow;
import io.nuner.model.ModelException;
import io.nuner.model.testing.Fixtures;
import io.nuner.model.testing.WeightsFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of a model that change between the check of their content and their use. */
class ChangedFileTest {
    @TempDir
    private Path directory;

    @SuppressWarnings("NullAway.Init")
    private ExportedFixture verified;

    @BeforeEach
    void export() throws ModelException {
        verified = ExportedFixture.of(Fixtures.MARKER_W1, WeightsFormat.SAFETENSORS, directory);
    }

    @AfterEach
    void close() {
        verified.model().close();
    }

    @Test
    void graphsAndTokenizerAreUsedAsTheyWereVerified() throws Exception {
        float before = score();
        for (String name : List.of("encoder.onnx", "head.onnx", "tokenizer.json")) {
            replace(file(name), "another".getBytes(StandardCharsets.UTF_8));
        }
        assertThat(score()).isEqualTo(before);

        for (String name : List.of("encoder.onnx", "head.onnx", "tokenizer.json")) {
            Files.delete(file(name));
        }
        assertThat(score()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"encoder.weights", "head.weights"})
    void weightsThatWereReplacedAreRefused(String name) throws IOException {
        replace(file(name), Files.readAllBytes(file(name)));

        assertRefused(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"encoder.weights", "head.weights"})
    void weightsThatWereWrittenToAreRefused(String name) throws IOException {
        FileTime time = Files.getLastModifiedTime(file(name));
        flip(file(name));
        Files.setLastModifiedTime(file(name), time);

        assertRefused(name);
    }

    @Test
    void weightsThatWereWrittenToAndPutRightAreRefused() throws IOException {
        FileTime time = Files.getLastModifiedTime(file("encoder.weights"));
        flip(file("encoder.weights"));
        flip(file("encoder.weights"));
        Files.setLastModifiedTime(file("encoder.weights"), time);

        assertRefused("encoder.weights");
    }

    @Test
    void aChangeAfterLoadingIsNotLookedFor() throws Exception {
        try (InferenceEngine engine = verified.openEngine(1)) {
            replace(file("encoder.weights"), new byte[10]);

            assertThat(score(engine)).isFinite();
        }
    }

    private void assertRefused(String name) {
        assertThatThrownBy(() -> verified.openEngine(1).close())
                .isInstanceOf(EngineException.class)
                .hasMessage(file(name) + ": was changed while it was loaded; start again");
    }

    private float score() throws EngineException {
        try (InferenceEngine engine = verified.openEngine(1)) {
            return score(engine);
        }
    }

    private float score(InferenceEngine engine) throws EngineException {
        TokenRow row = verified.row(verified.cases().get(0));
        try (EngineLane lane = engine.openLane()) {
            return lane.run(PackedBatch.of(List.of(row))).takeRow(0).at(0, 0, 0);
        }
    }

    private Path file(String name) {
        return verified.model().graphs().encoder().file().resolveSibling(name);
    }

    private static void replace(Path file, byte[] content) throws IOException {
        Path other = Files.write(file.resolveSibling("other"), content);
        Files.move(other, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void flip(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, channel.size() / 2);
            one.put(0, (byte) (one.get(0) ^ 1)).rewind();
            channel.write(one, channel.size() / 2);
        }
    }
}
