package io.nuner.model.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nuner.model.ModelException;
import io.nuner.model.ModelManifest;
import io.nuner.model.testing.Fixtures;
import io.nuner.model.testing.ShardedWeights;
import io.nuner.model.testing.WeightsFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Weights that lie in several files. */
class ShardedExportTest {
    private static final String FIRST = "model-00001-of-00003.safetensors";

    @TempDir
    private Path directory;

    private Path checkpoint = Path.of("unset");

    @BeforeEach
    void copyCheckpoint() {
        checkpoint = Fixtures.MARKER_W1.checkpoint(directory, WeightsFormat.SAFETENSORS);
    }

    @ParameterizedTest
    @EnumSource(
            value = Fixtures.class,
            names = {"MARKER_W1", "BERT_W1", "BERT_V0_W3"})
    void theExportIsByteForByteThatOfTheSingleFile(Fixtures fixture) throws ModelException {
        Path sharded = fixture.checkpoint(directory, WeightsFormat.SAFETENSORS);
        ModelManifest whole = export(sharded, "whole");

        ShardedWeights.split(sharded, 3);

        assertThat(export(sharded, "sharded").files()).isEqualTo(whole.files());
    }

    @Test
    void theSingleFileWinsOverAnIndexBesideIt() throws IOException, ModelException {
        ModelManifest whole = export(checkpoint, "whole");
        Files.writeString(checkpoint.resolve(ShardedWeights.INDEX), "not even JSON");

        assertThat(export(checkpoint, "again").files()).isEqualTo(whole.files());
    }

    @Test
    void aShardThatIsNotThereIsNamed() throws IOException {
        ShardedWeights.split(checkpoint, 3);
        Files.delete(checkpoint.resolve(FIRST));

        assertRefused(FIRST + ": not found");
    }

    @Test
    void aTensorThatItsShardLacksIsNamed() {
        ShardedWeights.split(checkpoint, 3);
        changeIndex("\"weight_map\":{", "\"weight_map\":{\"lost.weight\":\"" + FIRST + "\",");

        assertRefused(FIRST + ": tensor lost.weight is missing, model.safetensors.index.json says that it is here");
    }

    @Test
    void aTensorThatLiesInTwoShardsIsNamed() throws IOException {
        List<String> shards = ShardedWeights.split(checkpoint, 2);
        Files.copy(
                checkpoint.resolve(shards.get(0)),
                checkpoint.resolve(shards.get(1)),
                StandardCopyOption.REPLACE_EXISTING);

        assertRefused("is in this shard, but according to model.safetensors.index.json in " + shards.get(0));
    }

    @Test
    void aTensorThatTheIndexDoesNotKnowIsNamed() {
        ShardedWeights.split(checkpoint, 1);
        changeIndex("\"prompt_rep_layer.0.bias\":", "\"another\":");

        assertRefused("tensor prompt_rep_layer.0.bias is in this shard, but not in model.safetensors.index.json");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../model.safetensors",
                "/etc/model.safetensors",
                "shards/model.safetensors",
                "..\\\\model.safetensors",
                ".safetensors",
                ".hidden.safetensors",
                "model.bin",
                "mod\\u0000el.safetensors"
            })
    void aShardThatIsNoFileBesideTheIndexIsRefused(String name) {
        ShardedWeights.split(checkpoint, 3);
        changeIndex(FIRST, name);

        assertRefused("a shard must be a file beside it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{\"weight_map\": []}", "{\"weight_map\": {\"a\": 1}", "{} {}"})
    void anIndexThatIsNoneIsRefused(String content) throws IOException {
        ShardedWeights.split(checkpoint, 3);
        Files.writeString(checkpoint.resolve(ShardedWeights.INDEX), content);

        assertRefused(ShardedWeights.INDEX + ": ");
    }

    @Test
    void anIndexWithoutShardsIsRefused() throws IOException {
        ShardedWeights.split(checkpoint, 3);
        Files.writeString(checkpoint.resolve(ShardedWeights.INDEX), "{\"weight_map\": {}}");

        assertRefused("names 0 shards, expected 1 to 256");
    }

    @Test
    void anIndexThatIsTooLargeIsNotRead() throws IOException {
        ShardedWeights.split(checkpoint, 3);
        Files.write(checkpoint.resolve(ShardedWeights.INDEX), new byte[(16 << 20) + 1]);

        assertRefused("is larger than 16777216 bytes");
    }

    private void changeIndex(String found, String replacement) {
        Path index = checkpoint.resolve(ShardedWeights.INDEX);
        try {
            String content = Files.readString(index);
            assertThat(content).contains(found);
            Files.writeString(index, content.replace(found, replacement));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private ModelManifest export(Path from, String to) throws ModelException {
        return CheckpointExporter.export(from, directory.resolve(to), ProgressListener.none());
    }

    private void assertRefused(String reason) {
        assertThatThrownBy(() -> export(checkpoint, "refused"))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining(reason);
    }
}
