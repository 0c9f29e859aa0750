package io.nuner.gputest.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtLoggingLevel;
import io.nuner.engine.CompileSettings.Precision;
import io.nuner.engine.PackedBatch;
import io.nuner.engine.TokenRow;
import io.nuner.engine.trt.build.PlanCompiler.Progress;
import io.nuner.engine.trt.testing.FakeCompiler;
import io.nuner.engine.trt.testing.FakeDevice;
import io.nuner.engine.trt.testing.FakeDeviceLayer;
import io.nuner.engine.trt.typing.GraphFile;
import io.nuner.engine.trt.typing.HalfGraphs;
import io.nuner.engine.trt.typing.HalfGraphs.TypedGraph;
import io.nuner.gputest.weights.ModelShape;
import io.nuner.gputest.weights.RandomCheckpoint;
import io.nuner.model.export.CheckpointExporter;
import io.nuner.model.export.ProgressListener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The reference's form of the tiny encoder on ONNX Runtime, and on a GPU that is none. */
class ReferenceGraphTest {
    private static final long SEED = 11;
    private static final int VOCABULARY = 128_004;

    @TempDir
    private static Path shared;

    private static Path checkpoint = Path.of("");
    private static Path graph = Path.of("");

    @TempDir
    private Path directory;

    @BeforeAll
    static void write() throws Exception {
        OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "nuner"); // as the fake GPU asks for it
        checkpoint = shared.resolve("tiny");
        RandomCheckpoint.write(ModelShape.TINY, SEED, checkpoint);
        graph = ReferenceGraph.write(checkpoint, shared);
    }

    /** Lengths on either side of where positions get buckets (128), and beyond where they share the last (512). */
    @Test
    void itsHiddenStatesAreThoseOfOurPackedEncoder() throws Exception {
        Path exported = directory.resolve("exported");
        CheckpointExporter.export(checkpoint, exported, ProgressListener.none());
        int[] lengths = {3, 40, 200, 700};
        PackedBatch batch = batch(lengths);

        try (PackedEncoder ours = new PackedEncoder(exported.resolve("encoder.onnx"));
                CpuReference reference = CpuReference.open(graph, 1)) {
            float[][] packed = ours.run(batch);
            int token = 0;
            for (int row = 0; row < lengths.length; row++) {
                float[] padded = reference.firstRow(PaddedBatch.of(startingWith(batch, row), 700));
                token = requireSame(padded, packed, token, lengths[row]);
            }
            assertThat(token).isEqualTo(batch.tokenCount());
        }
    }

    private static PackedBatch batch(int... lengths) {
        SplittableRandom random = new SplittableRandom(SEED);
        List<TokenRow> rows = new ArrayList<>();
        for (int length : lengths) {
            int[] ids = random.ints(length, 4, VOCABULARY).toArray();
            rows.add(TokenRow.copyOf(ids, new int[] {length - 1}, new int[] {0}));
        }
        return PackedBatch.of(rows);
    }

    /** The same rows in another order: this one, then those behind it, then those before it. */
    private static PackedBatch startingWith(PackedBatch batch, int row) {
        List<TokenRow> rows = new ArrayList<>(batch.rows().subList(row, batch.rowCount()));
        rows.addAll(batch.rows().subList(0, row));
        return PackedBatch.of(rows);
    }

    private static int requireSame(float[] padded, float[][] packed, int firstToken, int length) {
        for (int place = 0; place < length; place++) {
            float[] token = packed[firstToken + place];
            for (int i = 0; i < token.length; i++) {
                assertThat(padded[place * token.length + i])
                        .as("token %d of a row of %d, value %d", place, length, i)
                        .isCloseTo(token[i], within(1e-4f));
            }
        }
        return firstToken + length;
    }

    @Test
    void theEnginesRulesTypeItAndItsCompilerAndDeviceRunIt() throws Exception {
        FakeDevice device = new FakeDeviceLayer(1).open(0);
        PaddedBatch full = PaddedBatch.of(batch(16, 9, 16, 16), 16);
        PaddedBatch longer = PaddedBatch.of(batch(20), 32);

        try (CpuReference cpu = CpuReference.open(graph, 1);
                GpuReference gpu = GpuReference.open(device, compile())) {
            float[] expected = cpu.firstRow(full.onlyFirstRow());
            assertNear(gpu.firstRow(full), expected);

            gpu.capture(full);
            gpu.submit(longer);
            gpu.replay();
            gpu.replay();
            gpu.finish();

            assertThat(device.captures()).isEqualTo(2);
            assertThat(device.launches()).isEqualTo(2);
            assertNear(gpu.firstRow(longer), cpu.firstRow(longer));
        }
    }

    private ReferencePlan compile() throws Exception {
        TypedGraph typed = HalfGraphs.write(GraphFile.read(graph), directory, Precision.FP16);
        ReferencePlan.Shapes shapes = new ReferencePlan.Shapes(List.of(16, 32), 64);
        Progress unheard = words -> {};
        ReferencePlan.Place place = new ReferencePlan.Place(0, directory.resolve("timings"));
        ReferencePlan plan = ReferencePlan.compile(new FakeCompiler(), typed, shapes, place, unheard);
        assertThat(Files.size(plan.file())).isPositive();
        return plan;
    }

    /** As near as half precision comes on a CPU. */
    private static void assertNear(float[] found, float[] expected) {
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < found.length; i++) {
            assertThat(found[i]).isCloseTo(expected[i], within(0.05f));
        }
    }
}
