package io.nuner.model.export;

import io.nuner.engine.EngineException;
import io.nuner.engine.EngineProvider;
import io.nuner.engine.GraphInspection;
import io.nuner.engine.TokenRow;
import io.nuner.model.Accuracy;
import io.nuner.model.ExportedModel;
import io.nuner.model.ModelException;
import io.nuner.model.ModelManifest;
import io.nuner.model.NerModel;
import io.nuner.model.accuracy.AccuracyGate;
import io.nuner.model.export.onnx.InputMagnitudes;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Turns a checkpoint of the GLiNER family into an exported model with int8 weights (docs/adr/0026). One thread at a time.
 *
 * <p>First exports it with float32 weights beside the target, for a while only, and runs the texts that ship: what is an outlier there
 * stays float32. Then compares both. So it needs an engine, and room for both on the disk.
 */
public final class QuantizedExport {
    private final Path checkpoint;
    private final EngineProvider engine;
    private final Optional<AccuracyGate> gate;
    private final ProgressListener progress;

    private QuantizedExport(
            Path checkpoint, EngineProvider engine, Optional<AccuracyGate> gate, ProgressListener progress) {
        this.checkpoint = checkpoint;
        this.engine = engine;
        this.gate = gate;
        this.progress = progress;
    }

    /**
     * Exports a checkpoint directory: all or nothing.
     *
     * @param out the directory to make; it must not exist, and appears only when it is complete and the gate lets it pass
     * @param gate compares both exports; its engine is able to show what flows inside
     * @return the manifest written into it, with the accuracy
     * @throws ModelException naming the file that is missing, damaged, hostile or of a kind we do not support, or the engine that
     *     failed; or if the gate refuses the export
     */
    public static ModelManifest export(Path checkpoint, Path out, AccuracyGate gate, ProgressListener progress)
            throws ModelException {
        return new QuantizedExport(checkpoint, gate.engine(), Optional.of(gate), progress).export(out);
    }

    /**
     * The same without a gate, for tests and studies: the manifest tells no accuracy.
     *
     * @param engine runs the model in float32; usable, and able to show what flows inside
     */
    public static ModelManifest export(Path checkpoint, Path out, EngineProvider engine, ProgressListener progress)
            throws ModelException {
        return new QuantizedExport(checkpoint, engine, Optional.empty(), progress).export(out);
    }

    private ModelManifest export(Path out) throws ModelException {
        GraphInspection inspection = engine.inspection()
                .orElseThrow(() -> new ModelException("the engine " + engine.name()
                        + " cannot show what flows inside a model, which an export with int8 weights needs"));
        try (NewDirectory scratch = NewDirectory.beside(out);
                NewDirectory int8 = NewDirectory.beside(out)) {
            Path float32 = scratch.path().resolve("float32");
            CheckpointExporter.export(checkpoint, float32, stage("float32"));
            InputMagnitudes magnitudes = magnitudes(float32, inspection);
            ModelManifest manifest = CheckpointExporter.writeInt8(checkpoint, int8.path(), magnitudes, stage("int8"));
            if (gate.isPresent()) {
                manifest =
                        manifest.withAccuracy(accuracy(gate.get(), float32, ExportedModel.open(int8.path(), manifest)));
            }
            manifest.write(int8.path());
            int8.publish();
            return manifest;
        }
    }

    private Accuracy accuracy(AccuracyGate judge, Path float32, ExportedModel int8) throws ModelException {
        return judge.judge(
                ExportedModel.open(float32),
                int8,
                (done, total) -> progress.progress("answers of int8 beside float32", done, total));
    }

    private InputMagnitudes magnitudes(Path float32, GraphInspection inspection) throws ModelException {
        InputMagnitudes magnitudes;
        try (NerModel model = NerModel.open(float32)) {
            List<TokenRow> rows = model.graphs().samples().get();
            if (rows.isEmpty()) {
                throw ModelException.of(checkpoint, "reads none of the sample texts, which an export with int8 needs");
            }
            magnitudes = InputMagnitudes.measure(
                    inspection,
                    model.graphs(),
                    rows,
                    done -> progress.progress("magnitudes on sample texts", done, rows.size()));
        } catch (EngineException e) {
            throw new ModelException(
                    checkpoint + ": the engine " + engine.name() + " cannot run it in float32: " + e.getMessage(), e);
        }
        if (magnitudes.notFinite().isPresent()) {
            throw ModelException.of(
                    checkpoint,
                    "cannot be rounded to int8: on a sample text, values in front of "
                            + magnitudes.notFinite().get() + " are not finite");
        }
        return magnitudes;
    }

    private ProgressListener stage(String weights) {
        return (stage, done, total) -> progress.progress(weights + " " + stage, done, total);
    }
}
