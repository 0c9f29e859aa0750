package io.nuner.model.hub;

import static io.nuner.model.hub.FetchScene.MODEL;
import static io.nuner.model.hub.FetchScene.WEIGHTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.nuner.model.ModelException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Weights in several files, of kinds that are not read, and what hubs serve in place of files. */
class WeightsFetchTest {
    private static final String INDEX = "model.safetensors.index.json";
    private static final String POINTER =
            "version https://git-lfs.github.com/spec/v1\noid sha256:" + "0".repeat(64) + "\nsize 300000\n";
    private static final String PAGE = "<!DOCTYPE html><html><body>Please log in</body></html>";

    @TempDir
    private Path cache;

    @RegisterExtension
    private final FetchScene scene = new FetchScene(() -> cache);

    @Test
    void shardsAreFetchedByTheirIndex() throws Exception {
        shard("a.safetensors", "b.safetensors");

        Path directory = scene.fetch();

        assertThat(FetchScene.files(directory))
                .containsExactly(
                        "a.safetensors", "b.safetensors", "fetched.json", "gliner_config.json", INDEX, "spm.model");
        assertThat(directory.resolve("b.safetensors")).hasContent("weights of b.safetensors");
    }

    @Test
    void roomIsNeededForAllShards() {
        shard("a.safetensors", "b.safetensors");
        scene.use(new AlmostFull(72 + "a vocabulary".length()));

        assertThatExceptionOfType(HubException.class)
                .isThrownBy(scene::fetch)
                .withMessageContaining(
                        "60 bytes to fetch and at least 48 bytes to export are needed, 84 bytes are free");
    }

    @Test
    void aShardThatTheRepositoryLacksIsNamed() {
        shard("a.safetensors", "b.safetensors");
        scene.hub().remove(MODEL, "b.safetensors");

        refusesModel("has no b.safetensors, which its model.safetensors.index.json names");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../escaped.safetensors", "/etc/x.safetensors", "x.bin", "a/b.safetensors"})
    void aNameThatLeavesTheDirectoryNeverBecomesAPath(String name) {
        shard("a.safetensors", name);

        refusesModel("a shard must be a file beside it");
        assertThat(scene.hub().requestsFor("safetensors")).isZero();
        assertThat(cache.resolve("hub/numind/escaped.safetensors")).doesNotExist();
    }

    @Test
    void anIndexThatIsTooLargeIsNotFetched() {
        shard("a.safetensors", "b.safetensors");
        scene.hub().add(MODEL, INDEX, " ".repeat((16 << 20) + 1));

        refusesModel("model.safetensors.index.json of numind/Tiny is larger than 16777216 bytes");
    }

    @ParameterizedTest
    @CsvSource({
        "onnx/model.onnx, ONNX",
        "model.gguf, GGUF",
        "tf_model.h5, TensorFlow",
        "pytorch_model.bin.index.json, 'torch, in several files'"
    })
    void weightsOfAnotherKindAreNamed(String name, String kind) {
        scene.hub().remove(MODEL, WEIGHTS);
        scene.hub().remove(MODEL, "pytorch_model.bin");
        scene.hub().add(MODEL, name, "anything");

        refusesModel("numind/Tiny at " + FakeHub.COMMIT + " has neither model.safetensors nor pytorch_model.bin, but "
                + name + " (" + kind + "), which is not supported");
    }

    @ParameterizedTest
    @ValueSource(strings = {WEIGHTS, "gliner_config.json", "tokenizer.json"})
    void aPointerOrAPageThatIsInTheRepositoryIsNamed(String name) {
        scene.hub().add(MODEL, name, POINTER);
        refusesModel(name + " of numind/Tiny is a Git LFS pointer, not the file itself");

        scene.hub().add(MODEL, name, PAGE);
        refusesModel(name + " of numind/Tiny is an HTML page, not the file itself");
    }

    @Test
    void aPageThatAServerSendsInsteadOfAFileIsNamed() {
        for (int attempt = 0; attempt < 5; attempt++) {
            scene.hub()
                    .next(
                            WEIGHTS,
                            reply -> FakeReply.of(200, PAGE.getBytes(StandardCharsets.UTF_8))
                                    .with("Content-Type", "text/html; charset=utf-8"));
        }

        assertThatExceptionOfType(HubException.class)
                .isThrownBy(scene::fetch)
                .withMessageContaining("sends an HTML page instead of the file; is there a login in between?");
    }

    @Test
    void aPageOfTheRightLengthIsNamedToo() {
        byte[] page = (PAGE + " ".repeat(FetchScene.WEIGHTS_SIZE - PAGE.length())).getBytes(StandardCharsets.UTF_8);
        scene.hub().next(WEIGHTS, reply -> reply.withBody(page));
        scene.hub().next(WEIGHTS, reply -> reply.withBody(page));

        assertThatExceptionOfType(HubException.class)
                .isThrownBy(scene::fetch)
                .withMessageContaining("what came is an HTML page, not the file itself");
    }

    private void shard(String first, String second) {
        scene.hub().remove(MODEL, WEIGHTS);
        scene.hub().add(MODEL, first, "weights of " + first);
        scene.hub().add(MODEL, second, "weights of " + second);
        scene.hub().add(MODEL, INDEX, "{\"weight_map\": {\"x\": \"%s\", \"y\": \"%s\"}}".formatted(first, second));
    }

    private void refusesModel(String named) {
        assertThatExceptionOfType(ModelException.class).isThrownBy(scene::fetch).withMessageContaining(named);
        assertThat(scene.directory()).doesNotExist();
    }

    private record AlmostFull(long free) implements Disk {
        @Override
        public long usableBytes(Path directory) {
            return free;
        }

        @Override
        public void write(FileChannel file, ByteBuffer bytes) throws IOException {
            Disk.LOCAL.write(file, bytes);
        }
    }
}
