package io.nuner.engine.onnx;

import io.nuner.engine.EngineException;
import io.nuner.engine.EngineLimits;
import io.nuner.engine.EngineSettings;
import io.nuner.engine.InferenceEngine;
import io.nuner.engine.TokenRow;
import io.nuner.model.ModelException;
import io.nuner.model.NerModel;
import io.nuner.model.WeightType;
import io.nuner.model.export.CheckpointExporter;
import io.nuner.model.export.ProgressListener;
import io.nuner.model.export.QuantizedExport;
import io.nuner.model.testing.FixtureCase;
import io.nuner.model.testing.Fixtures;
import io.nuner.model.testing.WeightsFormat;
import io.nuner.model.text.WordSplitter;
import io.nuner.model.text.Words;
import java.nio.file.Path;
import java.util.List;

/** A reference checkpoint, exported into a directory for a test. */
record ExportedFixture(Fixtures fixture, NerModel model, Path directory) {
    static final EngineLimits LIMITS = new EngineLimits(64, 4096, 65536, 256);

    static ExportedFixture of(Fixtures fixture, WeightsFormat format, Path tempDir) throws ModelException {
        return of(fixture, format, WeightType.FLOAT32, tempDir);
    }

    static ExportedFixture of(Fixtures fixture, WeightsFormat format, WeightType weights, Path tempDir)
            throws ModelException {
        Path out = tempDir.resolve(fixture.name() + "-" + format + "-" + weights);
        Path checkpoint = fixture.checkpoint(tempDir, format);
        switch (weights) {
            case FLOAT32 -> CheckpointExporter.export(checkpoint, out, ProgressListener.none());
            case INT8 -> QuantizedExport.export(checkpoint, out, new OnnxEngineProvider(), ProgressListener.none());
        }
        return new ExportedFixture(fixture, NerModel.open(out), out);
    }

    InferenceEngine openEngine(int lanes) throws EngineException {
        return new OnnxEngineProvider().open(model.graphs(), new EngineSettings(LIMITS, lanes, 1));
    }

    /** The cases with a text that is not blank. */
    List<FixtureCase> cases() {
        return fixture.cases().stream().filter(example -> !example.isBlank()).toList();
    }

    /** The row the reference recorded; where it recorded no positions, our own. */
    TokenRow row(FixtureCase example) {
        if (example.wordTokens().isEmpty()) {
            Words words =
                    WordSplitter.split(example.text()).first(model.manifest().maxWords());
            return model.encoder().encode(words, example.labels()).row();
        }
        int[] labels = new int[example.labels().size()];
        for (int label = 0; label < labels.length; label++) {
            labels[label] = example.firstSubtoken().get(2 * label); // the marker before each label
        }
        return TokenRow.copyOf(ints(example.inputIds()), ints(example.wordTokens()), labels);
    }

    private static int[] ints(List<Integer> values) {
        return values.stream().mapToInt(Integer::intValue).toArray();
    }
}
