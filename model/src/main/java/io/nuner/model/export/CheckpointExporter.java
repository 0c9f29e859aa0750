package io.nuner.model.export;

import io.nuner.model.ExportedFiles;
import io.nuner.model.FileDigest;
import io.nuner.model.ModelException;
import io.nuner.model.ModelManifest;
import io.nuner.model.WeightType;
import io.nuner.model.encode.SubwordTokenizer;
import io.nuner.model.encode.TokenizerFile;
import io.nuner.model.export.checkpoint.CheckedTensors;
import io.nuner.model.export.checkpoint.Checkpoint;
import io.nuner.model.export.checkpoint.config.EncoderConfig;
import io.nuner.model.export.checkpoint.config.GlinerConfig;
import io.nuner.model.export.graph.EncoderGraph;
import io.nuner.model.export.graph.MarkerHeadGraph;
import io.nuner.model.export.onnx.GraphBuilder;
import io.nuner.model.export.onnx.InputMagnitudes;
import io.nuner.model.export.onnx.Operators;
import io.nuner.model.export.onnx.WeightFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Turns a checkpoint of the GLiNER family into an exported model. One thread at a time.
 *
 * <p>Weights are streamed: the heap holds one matrix at a time, whatever the size of the model.
 */
public final class CheckpointExporter {
    private final Path checkpoint;
    private final Path target;
    private final WeightType weights;
    private final Function<GraphBuilder, Operators> operators;
    private final ProgressListener progress;

    private CheckpointExporter(
            Path checkpoint,
            Path target,
            WeightType weights,
            Function<GraphBuilder, Operators> operators,
            ProgressListener progress) {
        this.checkpoint = checkpoint;
        this.target = target;
        this.weights = weights;
        this.operators = operators;
        this.progress = progress;
    }

    /**
     * Exports a checkpoint directory with float32 weights: all or nothing. With int8 weights: {@link QuantizedExport}.
     *
     * @param out the directory to make; it must not exist, and appears only when it is complete
     * @return the manifest written into it
     * @throws ModelException naming the file that is missing, damaged, hostile or of a kind we do not support
     */
    public static ModelManifest export(Path checkpoint, Path out, ProgressListener progress) throws ModelException {
        try (NewDirectory directory = NewDirectory.beside(out)) {
            ModelManifest manifest = new CheckpointExporter(
                            checkpoint, directory.path(), WeightType.FLOAT32, Operators::withFloats, progress)
                    .writeFiles();
            manifest.write(directory.path());
            directory.publish();
            return manifest;
        }
    }

    /**
     * Writes the files of an export with int8 weights into an empty directory, all but the manifest.
     *
     * @param magnitudes of the same checkpoint, which decide what stays float32
     * @return the manifest
     */
    static ModelManifest writeInt8(Path checkpoint, Path target, InputMagnitudes magnitudes, ProgressListener progress)
            throws ModelException {
        return new CheckpointExporter(
                        checkpoint, target, WeightType.INT8, graph -> Operators.withBytes(graph, magnitudes), progress)
                .writeFiles();
    }

    private ModelManifest writeFiles() throws ModelException {
        GlinerConfig config = GlinerConfig.read(checkpoint);
        EncoderConfig encoder = EncoderConfig.read(checkpoint, config.modelName());
        try (SubwordTokenizer tokenizer = prepareTokenizer();
                Checkpoint opened = Checkpoint.open(checkpoint)) {
            CheckedTensors tensors = new CheckedTensors(opened);
            writeHead(tensors, config, encoder);
            int vocabularySize = writeEncoder(tensors, encoder);
            tensors.requireAllTaken();
            requireARowForEachId(vocabularySize, tokenizer);
            return new ModelManifest(
                    ModelManifest.formatOf(weights),
                    nameOf(checkpoint),
                    config.modelName(),
                    config.spanMode().key(),
                    config.maxWidth(),
                    config.maxWords(),
                    encoder.maxRowTokens(),
                    config.hiddenSize(),
                    vocabularySize,
                    tokenizer.specialTokens(),
                    weights.quantization().orElse(null),
                    null,
                    digests());
        }
    }

    /** The directory's name; the root of a file system has none. */
    static String nameOf(Path directory) {
        Path name = directory.toAbsolutePath().normalize().getFileName();
        return name == null ? "model" : name.toString();
    }

    private SubwordTokenizer prepareTokenizer() throws ModelException {
        Path file = target.resolve(ExportedFiles.TOKENIZER);
        TokenizerFile.prepare(checkpoint, file);
        return SubwordTokenizer.open(file);
    }

    private void requireARowForEachId(int vocabularySize, SubwordTokenizer tokenizer) throws ModelException {
        if (tokenizer.endOfIds() > vocabularySize) {
            throw ModelException.of(
                    checkpoint,
                    "its tokenizer has the ids 0 to " + (tokenizer.endOfIds() - 1) + ", its word embeddings have only "
                            + vocabularySize + " rows");
        }
    }

    private int writeEncoder(CheckedTensors tensors, EncoderConfig config) throws ModelException {
        Path file = target.resolve(ExportedFiles.ENCODER);
        try (WeightFile content = WeightFile.create(target.resolve(ExportedFiles.ENCODER_WEIGHTS))) {
            GraphBuilder graph = new GraphBuilder("encoder", content);
            int layers = config.shape().layers();
            int vocabularySize = EncoderGraph.build(
                    operators.apply(graph), tensors, config, done -> progress.progress("encoder layers", done, layers));
            graph.writeTo(file);
            return vocabularySize;
        } catch (IOException e) {
            throw ModelException.cannotWrite(file, e);
        }
    }

    private void writeHead(CheckedTensors tensors, GlinerConfig config, EncoderConfig encoder) throws ModelException {
        Path file = target.resolve(ExportedFiles.HEAD);
        try (WeightFile content = WeightFile.create(target.resolve(ExportedFiles.HEAD_WEIGHTS))) {
            GraphBuilder graph = new GraphBuilder("head", content);
            MarkerHeadGraph.build(
                    operators.apply(graph), tensors, config, encoder.shape().hiddenSize());
            graph.writeTo(file);
            progress.progress("head", 1, 1);
        } catch (IOException e) {
            throw ModelException.cannotWrite(file, e);
        }
    }

    private List<ModelManifest.Entry> digests() throws ModelException {
        List<ModelManifest.Entry> files = new ArrayList<>();
        for (String name : ExportedFiles.ALL) {
            files.add(FileDigest.of(target, name));
            progress.progress("checksums", files.size(), ExportedFiles.ALL.size());
        }
        return files;
    }
}
