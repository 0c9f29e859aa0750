package io.nuner.model.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.model.ModelException;
import io.nuner.model.ModelManifest;
import io.nuner.model.NerModel;
import io.nuner.model.export.CheckpointExporter;
import io.nuner.model.export.ProgressListener;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RandomCheckpointTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({"TINY, 190, 2147483647", "TINY_BERT, 184, 512"})
    void aRandomCheckpointExportsAndOpens(RandomCheckpoint.Shape shape, int vocabulary, int longestRow)
            throws ModelException {
        RandomCheckpoint.write(shape, 1, directory.resolve("checkpoint"));

        ModelManifest manifest = CheckpointExporter.export(
                directory.resolve("checkpoint"), directory.resolve("model"), ProgressListener.none());

        try (NerModel model = NerModel.open(directory.resolve("model"))) {
            assertThat(model.manifest()).isEqualTo(manifest);
            assertThat(model.manifest().vocabularySize()).isEqualTo(vocabulary);
            assertThat(model.graphs().maxRowTokens()).isEqualTo(longestRow);
            assertThat(model.graphs().samples().get())
                    .hasSize(24)
                    .allMatch(row -> row.tokenCount() <= longestRow && row.wordCount() <= manifest.maxWords());
        }
    }

    @Test
    void theSameSeedGivesTheSameModel() throws ModelException {
        assertThat(export("a", 7).files()).isEqualTo(export("b", 7).files());
        assertThat(export("c", 8).files()).isNotEqualTo(export("d", 7).files());
    }

    @Test
    void anotherHeadReadsMoreWordsAndOverwritesTheCheckpoint() throws ModelException {
        ModelManifest usual = export("a", 7);
        RandomCheckpoint.write(
                RandomCheckpoint.Shape.TINY, new RandomCheckpoint.Head(512, 0.3), 7, directory.resolve("a"));

        ModelManifest other = CheckpointExporter.export(
                directory.resolve("a"), directory.resolve("other-model"), ProgressListener.none());

        assertThat(usual.maxWords()).isEqualTo(384);
        assertThat(other.maxWords()).isEqualTo(512);
        assertThat(other.files()).isNotEqualTo(usual.files());
    }

    private ModelManifest export(String name, long seed) throws ModelException {
        RandomCheckpoint.write(RandomCheckpoint.Shape.TINY, seed, directory.resolve(name));
        return CheckpointExporter.export(
                directory.resolve(name), directory.resolve(name + "-model"), ProgressListener.none());
    }
}
