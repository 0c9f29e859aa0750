package io.nuner.model;

import io.nuner.engine.ModelGraphs;
import java.nio.file.Path;

/** An exported model whose files are all there and undamaged. Any thread. */
public final class NerModel implements AutoCloseable {
    private final ModelManifest manifest;
    private final ModelGraphs graphs;

    private NerModel(ModelManifest manifest, ModelGraphs graphs) {
        this.manifest = manifest;
        this.graphs = graphs;
    }

    /**
     * Opens the directory that {@link io.nuner.model.export.CheckpointExporter} wrote and verifies every file.
     *
     * @throws ModelException naming the file that is missing, damaged or unsuitable
     */
    public static NerModel open(Path exportedDirectory) throws ModelException {
        ModelManifest manifest = ModelManifest.read(exportedDirectory);
        manifest.verify(exportedDirectory);
        ModelGraphs graphs = new ModelGraphs(
                exportedDirectory.resolve(ExportedFiles.ENCODER),
                exportedDirectory.resolve(ExportedFiles.HEAD),
                manifest.maxWidth(),
                manifest.vocabularySize());
        return new NerModel(manifest, graphs);
    }

    /** What the model is. */
    public ModelManifest manifest() {
        return manifest;
    }

    /** The graphs, for an engine to open. */
    public ModelGraphs graphs() {
        return graphs;
    }

    @Override
    public void close() {}
}
