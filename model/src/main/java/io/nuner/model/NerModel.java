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
    private final ExportedModel files;
    private final SubwordTokenizer tokenizer;
    private final RequestEncoder encoder;
    private final LabelRules labelRules = new LabelRules();

    private NerModel(ExportedModel files, SubwordTokenizer tokenizer) {
        this.files = files;
        this.tokenizer = tokenizer;
        encoder = new RequestEncoder(tokenizer);
    }

    /**
     * Opens the directory that {@link io.nuner.model.export.CheckpointExporter} wrote and verifies every file.
     *
     * @throws ModelException naming the file that is missing, damaged or unsuitable
     */
    public static NerModel open(Path exportedDirectory) throws ModelException {
        return of(ExportedModel.open(exportedDirectory));
    }

    /**
     * Opens files that are verified already.
     *
     * @throws ModelException if the tokenizer is unsuitable, or the native library is missing
     */
    @SuppressWarnings("MustBeClosed") // the model keeps the tokenizer
    public static NerModel of(ExportedModel verified) throws ModelException {
        return new NerModel(verified, SubwordTokenizer.open(verified.tokenizerFile(), verified.tokenizer()));
    }

    /** What the model is. */
    public ModelManifest manifest() {
        return files.manifest();
    }

    /** The graphs, for an engine; valid while the model is open. */
    public ModelGraphs graphs() {
        ModelManifest manifest = files.manifest();
        return new ModelGraphs(
                files.encoder(),
                files.head(),
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
