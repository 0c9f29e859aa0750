package io.nuner.engine.onnx;

import io.nuner.model.ModelException;
import io.nuner.model.NerModel;
import io.nuner.model.export.ProgressListener;
import io.nuner.model.export.QuantizedExport;
import io.nuner.model.testing.PlantedOutliers;
import io.nuner.model.testing.RandomCheckpoint;
import io.nuner.model.testing.RandomCheckpoint.Shape;
import java.nio.file.Path;

/** The same for a model with outliers, whose columns are multiplied in float32. */
class Int8OutliersCompatibilityTest extends Int8CompatibilityTest {
    private static final long SEED = 20_261_201;

    @Override
    NerModel model(Path directory) throws ModelException {
        Path checkpoint = directory.resolve("checkpoint");
        RandomCheckpoint.write(Shape.TINY, SEED, checkpoint);
        PlantedOutliers.into(checkpoint);
        Path out = directory.resolve("exported");
        QuantizedExport.export(checkpoint, out, new OnnxEngineProvider(), ProgressListener.none());
        return NerModel.open(out);
    }
}
