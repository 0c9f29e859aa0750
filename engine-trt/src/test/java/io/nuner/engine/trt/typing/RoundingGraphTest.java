package io.nuner.engine.trt.typing;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import io.nuner.engine.BatchLayout;
import io.nuner.engine.BatchTensor;
import io.nuner.engine.PackedBatch;
import io.nuner.engine.TokenRow;
import io.nuner.model.format.onnx.ModelProto;
import io.nuner.model.format.onnx.TensorProto.DataType;
import io.nuner.model.format.onnx.TypeProto;
import io.nuner.model.format.onnx.ValueInfoProto;
import io.nuner.model.testing.RandomCheckpoint;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** ONNX Runtime does round where a rounding graph says so: it may take casts that follow one another for superfluous. */
class RoundingGraphTest {
    /** A value that operators merely moved since it was rounded, so that it is no cast's own result. */
    private static final String QUERIES = "layer1/Gather";

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource(HalfType.class)
    void halfValuesAreRounded(HalfType half) throws Exception {
        try (TypedModel model = TypedModel.random(RandomCheckpoint.Shape.TINY, 6, directory)) {
            FloatBuffer rounded = queries(RoundingGraph.of(model.typed(half)).encoder());

            assertThat(share(rounded, half)).isEqualTo(1);
        }
    }

    @Test
    void otherValuesAreNot() throws Exception {
        try (TypedModel model = TypedModel.random(RandomCheckpoint.Shape.TINY, 6, directory)) {
            assertThat(share(queries(model.exported().encoder()), HalfType.FP16))
                    .isLessThan(0.1);
        }
    }

    /** Share of the values that the half type has. */
    private static double share(FloatBuffer values, HalfType half) {
        int exact = 0;
        for (int i = 0; i < values.limit(); i++) {
            int cut = half == HalfType.FP16 ? 13 : 16; // no value here is as small as to be subnormal
            exact += Float.floatToRawIntBits(values.get(i)) << (Integer.SIZE - cut) == 0 ? 1 : 0;
        }
        return (double) exact / values.limit();
    }

    private static FloatBuffer queries(Path encoder) throws Exception {
        ModelProto.Builder model = ModelProto.parseFrom(Files.readAllBytes(encoder)).toBuilder();
        TypeProto.Tensor.Builder type = TypeProto.Tensor.newBuilder().setElemType(DataType.FLOAT_VALUE);
        model.getGraphBuilder()
                .addOutput(ValueInfoProto.newBuilder()
                        .setName(QUERIES)
                        .setType(TypeProto.newBuilder().setTensorType(type)));
        Path file = encoder.resolveSibling("with-queries.onnx");
        Files.write(file, model.build().toByteArray());
        OrtEnvironment environment = OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "nuner");
        try (OrtSession.SessionOptions options = GraphRun.options();
                OrtSession session = environment.createSession(file.toString(), options);
                OrtSession.Result result = session.run(inputs(environment), Set.of(QUERIES))) {
            return ((OnnxTensor) result.get(0)).getFloatBuffer();
        }
    }

    private static Map<String, OnnxTensor> inputs(OrtEnvironment environment) throws Exception {
        TokenRow row = TokenRow.copyOf(new int[] {1, 17, 30, 8, 99, 2}, new int[] {2, 3, 4}, new int[] {1});
        BatchLayout layout = BatchLayout.of(PackedBatch.of(List.of(row)));
        Map<String, OnnxTensor> inputs = new HashMap<>();
        for (BatchTensor tensor : BatchTensor.values()) {
            if (tensor.isEncoderInput()) {
                IntBuffer values = IntBuffer.allocate(layout.size(tensor));
                layout.write(tensor, values);
                inputs.put(
                        tensor.graphName(), OnnxTensor.createTensor(environment, values.flip(), layout.shape(tensor)));
            }
        }
        return inputs;
    }
}
