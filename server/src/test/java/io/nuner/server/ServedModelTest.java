package io.nuner.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.model.Accuracy;
import io.nuner.model.ModelManifest;
import io.nuner.model.WeightType;
import io.nuner.model.export.CheckpointExporter;
import io.nuner.model.export.ProgressListener;
import io.nuner.model.export.QuantizedExport;
import io.nuner.model.testing.GivenMagnitudes;
import io.nuner.model.testing.RandomCheckpoint;
import io.nuner.v1.EntityAgreement;
import io.nuner.v1.LabelCountAgreement;
import io.nuner.v1.MergePolicy;
import io.nuner.v1.ModelInfo;
import io.nuner.v1.QuantizationAccuracy;
import io.nuner.v1.SampleAccuracy;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServedModelTest {
    private static final Accuracy.Sample BUNDLED = new Accuracy.Sample(
            144,
            new Accuracy.Entities(400, 398, 390),
            new Accuracy.Entities(300, 300, 297),
            new Accuracy.Scores(30_000, 0.0012, 0.06, 0.11, 21),
            List.of(
                    new Accuracy.LabelCount(1, 1, 12, new Accuracy.Entities(20, 20, 20)),
                    new Accuracy.LabelCount(16, Integer.MAX_VALUE, 24, new Accuracy.Entities(10, 10, 5))));

    private static final Accuracy.Sample OWN = new Accuracy.Sample(
            1,
            new Accuracy.Entities(0, 0, 0),
            new Accuracy.Entities(0, 0, 0),
            new Accuracy.Scores(7, 0, 0, 0, 0),
            List.of());

    @TempDir
    private Path directory;

    private Path checkpoint = Path.of("unset");

    @BeforeEach
    void writeCheckpoint() {
        checkpoint = directory.resolve("checkpoint");
        RandomCheckpoint.write(RandomCheckpoint.Shape.TINY, 1, checkpoint);
    }

    @Test
    void aModelWithRoundedWeightsSaysHowCloseItComesToFloat32() throws Exception {
        QuantizationAccuracy told = ServedModel.describe(
                        export(WeightType.INT8).withAccuracy(new Accuracy(BUNDLED, OWN, true)), "m")
                .getAccuracy();

        assertThat(told.getWeights()).isEqualTo("int8");
        assertThat(told.getRecipe()).isNotEmpty();
        assertThat(told.getRecipeVersion()).isPositive();
        assertThat(told.getLossAccepted()).isTrue();
        assertThat(told.getBundledTexts())
                .isEqualTo(SampleAccuracy.newBuilder()
                        .setTexts(144)
                        .setEntities(entities(400, 398, 390, 780 / 798.0))
                        .setDecidedEntities(entities(300, 300, 297, 0.99))
                        .setScores(30_000)
                        .setMeanDifference(0.0012)
                        .setP999Difference(0.06)
                        .setMaxDifference(0.11)
                        .setFlips(21)
                        .addByLabelCount(LabelCountAgreement.newBuilder()
                                .setFewestLabels(1)
                                .setMostLabels(1)
                                .setTexts(12)
                                .setEntities(entities(20, 20, 20, 1)))
                        .addByLabelCount(LabelCountAgreement.newBuilder()
                                .setFewestLabels(16)
                                .setTexts(24)
                                .setEntities(entities(10, 10, 5, 0.5)))
                        .build());
        assertThat(told.getOwnTexts().getScores()).isEqualTo(7);
        assertThat(told.getOwnTexts().getEntities().getAgreement()).isEqualTo(1);
    }

    @Test
    void withoutOwnTextsThereIsNothingToTellOfThem() throws Exception {
        QuantizationAccuracy told = ServedModel.describe(
                        export(WeightType.INT8).withAccuracy(new Accuracy(BUNDLED, null, false)), "m")
                .getAccuracy();

        assertThat(told.hasOwnTexts()).isFalse();
        assertThat(told.getLossAccepted()).isFalse();
    }

    @Test
    void aModelInFloat32HasNothingToCompare() throws Exception {
        ModelInfo info = ServedModel.describe(export(WeightType.FLOAT32), "m");

        assertThat(info.hasAccuracy()).isFalse();
        assertThat(info.getName()).isEqualTo("m");
        assertThat(info.getDefaultMergePolicy()).isEqualTo(MergePolicy.MERGE_POLICY_ADJACENT);
    }

    private ModelManifest export(WeightType weights) throws Exception {
        Path out = directory.resolve("exported");
        return switch (weights) {
            case FLOAT32 -> CheckpointExporter.export(checkpoint, out, ProgressListener.none());
            case INT8 -> QuantizedExport.export(checkpoint, out, new GivenMagnitudes(), ProgressListener.none());
        };
    }

    private static EntityAgreement entities(int exact, int rounded, int equal, double agreement) {
        return EntityAgreement.newBuilder()
                .setExact(exact)
                .setRounded(rounded)
                .setEqual(equal)
                .setAgreement(agreement)
                .build();
    }
}
