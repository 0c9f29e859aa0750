package io.nuner.model;

import io.nuner.engine.ModelGraphs;
import io.nuner.model.encode.LabelRules;
import io.nuner.model.encode.RequestEncoder;
import io.nuner.model.encode.SubwordTokenizer;
import java.nio.file.Path;

/**
 * An exported model whose files are all there and undamaged. Any thread.
 *
 * <p>Owns the tokenizer's native memory until closed; its encoder refuses requests after that.
 */
public final class NerModel implements AutoCloseable {
    private final ModelManifest manifest;
    private final Path directory;
    private final SubwordTokenizer tokenizer;
    private final RequestEncoder encoder;
    private final LabelRules labelRules = new LabelRules();

    private NerModel(ModelManifest manifest, Path directory, SubwordTokenizer tokenizer) {
        this.manifest = manifest;
        this.directory = directory;
        this.tokenizer = tokenizer;
        encoder = new RequestEncoder(tokenizer);
    }

    /**
     * Opens the directory that {@link io.nuner.model.export.CheckpointExporter} wrote and verifies every file.
     *
     * @throws ModelException naming the file that is missing, damaged or unsuitable
     */
    @SuppressWarnings("MustBeClosed") // the model keeps the tokenizer
    public static NerModel open(Path exportedDirectory) throws ModelException {
        refusePlaceholders(exportedDirectory);
        ModelManifest manifest = ModelManifest.read(exportedDirectory);
        manifest.verify(exportedDirectory);
        GraphCheck.check(exportedDirectory, ExportedFiles.ENCODER, ExportedFiles.ENCODER_WEIGHTS);
        GraphCheck.check(exportedDirectory, ExportedFiles.HEAD, ExportedFiles.HEAD_WEIGHTS);
        return new NerModel(
                manifest, exportedDirectory, SubwordTokenizer.open(exportedDirectory.resolve(ExportedFiles.TOKENIZER)));
    }

    private static void refusePlaceholders(Path directory) throws ModelException {
        Placeholder.refuse(directory.resolve(ModelManifest.FILE));
        for (String name : ExportedFiles.ALL) {
            Placeholder.refuse(directory.resolve(name));
        }
    }

    /** What the model is. */
    public ModelManifest manifest() {
        return manifest;
    }

    /** The graphs, for an engine to open as long as the model is open. */
    public ModelGraphs graphs() {
        return new ModelGraphs(
                directory.resolve(ExportedFiles.ENCODER),
                directory.resolve(ExportedFiles.HEAD),
                manifest.maxWidth(),
                manifest.vocabularySize(),
                manifest.maxRowTokens(),
                manifest.sha256(),
                new SampleRows(manifest, encoder, labelRules)::rows);
    }

    /** Turns words and labels into token rows. */
    public RequestEncoder encoder() {
        return encoder;
    }

    /** Which labels the model accepts. */
    public LabelRules labelRules() {
        return labelRules;
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
