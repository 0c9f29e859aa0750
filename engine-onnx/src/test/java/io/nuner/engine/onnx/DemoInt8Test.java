package io.nuner.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.engine.EngineException;
import io.nuner.engine.EngineLane;
import io.nuner.engine.EngineProvider;
import io.nuner.engine.EngineSettings;
import io.nuner.engine.InferenceEngine;
import io.nuner.engine.PackedBatch;
import io.nuner.engine.RowLogits;
import io.nuner.model.ModelException;
import io.nuner.model.ModelManifest;
import io.nuner.model.NerModel;
import io.nuner.model.export.CheckpointExporter;
import io.nuner.model.export.ProgressListener;
import io.nuner.model.export.QuantizedExport;
import io.nuner.model.testing.DemoText;
import io.nuner.model.testing.GivenMagnitudes;
import io.nuner.model.text.WordSplitter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo model in int8, which nobody planted outliers into. */
@Tag("long")
class DemoInt8Test {
    private static final Path DEMO = Path.of("..", "model", "demo");
    private static final int TEXTS = 200;

    @TempDir
    private Path directory = Path.of("");

    @Test
    void theSameColumnsAreChosenEachTime() throws ModelException {
        ModelManifest once = int8("once", new OnnxEngineProvider());
        ModelManifest again = int8("again", new OnnxEngineProvider());

        assertThat(once).isEqualTo(again);
    }

    @Test
    void columnsBringProbabilitiesCloserToThoseOfFloat32() throws ModelException, EngineException {
        CheckpointExporter.export(DEMO, directory.resolve("float32"), ProgressListener.none());
        int8("columns", new OnnxEngineProvider());
        int8("bytes", new GivenMagnitudes());
        List<RowLogits> expected = scores("float32");
        double columns = meanDifference(expected, scores("columns"));
        double bytes = meanDifference(expected, scores("bytes"));

        assertThat(columns).as("%s with bytes alone", bytes).isLessThan(0.001).isLessThan(0.75 * bytes);
    }

    private ModelManifest int8(String name, EngineProvider engine) throws ModelException {
        return QuantizedExport.export(DEMO, directory.resolve(name), engine, ProgressListener.none());
    }

    private List<RowLogits> scores(String name) throws ModelException, EngineException {
        List<RowLogits> scores = new ArrayList<>();
        try (NerModel model = NerModel.open(directory.resolve(name));
                InferenceEngine engine = new OnnxEngineProvider()
                        .open(model.graphs(), new EngineSettings(ExportedFixture.LIMITS, 1, 0));
                EngineLane lane = engine.openLane()) {
            for (DemoText text : DemoText.first(TEXTS)) {
                PackedBatch batch = PackedBatch.of(List.of(model.encoder()
                        .encode(WordSplitter.split(text.text()), text.labels())
                        .row()));
                scores.add(lane.run(batch).takeRow(0));
            }
        }
        return scores;
    }

    /** Of probabilities of all spans, each row weighs the same. */
    private static double meanDifference(List<RowLogits> expected, List<RowLogits> actual) {
        double sum = 0;
        for (int row = 0; row < expected.size(); row++) {
            sum += meanDifference(expected.get(row), actual.get(row));
        }
        return sum / expected.size();
    }

    private static double meanDifference(RowLogits expected, RowLogits actual) {
        int scores = expected.maxWidth() * expected.labels();
        double sum = 0;
        int count = 0;
        for (int start = 0; start < expected.words(); start++) {
            int inside = Math.min(scores, (expected.words() - start) * expected.labels());
            for (int score = 0; score < inside; score++) {
                int width = score / expected.labels();
                int label = score % expected.labels();
                sum += Math.abs(
                        probability(expected.at(start, width, label)) - probability(actual.at(start, width, label)));
                count++;
            }
        }
        return sum / count;
    }

    private static double probability(float logit) {
        return 1 / (1 + Math.exp(-logit));
    }
}
