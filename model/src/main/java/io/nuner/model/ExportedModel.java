package io.nuner.model;

import io.nuner.engine.GraphWeight;
import io.nuner.engine.ModelGraph;
import io.nuner.files.Sha256;
import io.nuner.model.encode.check.CheckedTokenizer;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The files of an exported model, each opened once and verified. Its users read the verified bytes, even if the files are
 * replaced later. Immutable, any thread; the weights stay mapped as long as anything refers to them.
 */
public final class ExportedModel {
    private final Path directory;
    private final ModelManifest manifest;
    private final ModelGraph encoder;
    private final ModelGraph head;
    private final byte[] tokenizer;

    private ExportedModel(Path directory, ModelManifest manifest) throws ModelException {
        this.directory = directory;
        this.manifest = manifest;
        tokenizer = read(ExportedFiles.TOKENIZER, CheckedTokenizer.MAX_BYTES);
        head = graph(ExportedFiles.HEAD, ExportedFiles.HEAD_WEIGHTS);
        encoder = graph(ExportedFiles.ENCODER, ExportedFiles.ENCODER_WEIGHTS);
    }

    /**
     * Reads every file and compares it with the manifest; takes about a second for each gigabyte.
     *
     * @throws ModelException naming the file that is missing, damaged or unsuitable
     */
    public static ExportedModel open(Path directory) throws ModelException {
        return open(directory, ModelManifest.read(directory));
    }

    /**
     * The same for a directory whose manifest is not written yet.
     *
     * @throws ModelException as above
     */
    public static ExportedModel open(Path directory, ModelManifest manifest) throws ModelException {
        return new ExportedModel(directory, manifest);
    }

    /** What the model is. */
    public ModelManifest manifest() {
        return manifest;
    }

    ModelGraph encoder() {
        return encoder;
    }

    ModelGraph head() {
        return head;
    }

    byte[] tokenizer() {
        return tokenizer;
    }

    Path tokenizerFile() {
        return directory.resolve(ExportedFiles.TOKENIZER);
    }

    private byte[] read(String name, int maxBytes) throws ModelException {
        Path file = directory.resolve(name);
        ModelManifest.Entry listed = manifest.file(name);
        byte[] content = RegularFile.read(file, maxBytes);
        if (content.length != listed.size()) {
            throw ModelException.of(file, "has " + content.length + " bytes, the manifest says " + listed.size());
        }
        if (!Sha256.of(content).equals(listed.sha256())) {
            throw ModelException.of(file, "its content is not the one listed in " + ModelManifest.FILE);
        }
        return content;
    }

    private ModelGraph graph(String name, String weightsName) throws ModelException {
        Path file = directory.resolve(name);
        Path weightsFile = directory.resolve(weightsName);
        byte[] onnx = read(name, GraphCheck.MAX_GRAPH_BYTES);
        ModelManifest.Entry listed = manifest.file(weightsName);
        List<GraphCheck.WeightPlace> places = GraphCheck.check(file, onnx, listed, manifest.weights());
        try (FileChannel channel = RegularFile.open(weightsFile)) {
            VerifiedWeights verified = VerifiedWeights.of(weightsFile, channel, listed);
            List<GraphWeight> weights = new ArrayList<>();
            for (GraphCheck.WeightPlace place : places) {
                weights.add(new GraphWeight(
                        place.name(),
                        place.type(),
                        place.shape(),
                        channel.map(FileChannel.MapMode.READ_ONLY, place.offset(), place.length())));
            }
            return new ModelGraph(file, onnx, weights, verified::requireUnchanged);
        } catch (IOException e) {
            throw ModelException.of(weightsFile, e);
        }
    }
}
