package io.nuner.engine.trt.typing;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import io.nuner.engine.BatchLayout;
import io.nuner.engine.BatchTensor;
import io.nuner.engine.EngineException;
import io.nuner.engine.GraphNames;
import io.nuner.engine.Logits;
import io.nuner.engine.PackedBatch;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Both graphs in ONNX Runtime on the CPU, without its optimizations: these compute runs of half operators in float32 and
 * leave out the roundings between them. One thread at a time.
 */
final class GraphRun implements AutoCloseable {
    private final OrtEnvironment environment =
            OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "nuner");
    private final int maxWidth;
    private final OrtSession encoder;
    private final OrtSession head;

    GraphRun(TypedModel.GraphPair graphs, int maxWidth) throws OrtException {
        this.maxWidth = maxWidth;
        try (OrtSession.SessionOptions options = options()) {
            encoder = environment.createSession(graphs.encoder().toString(), options);
            head = environment.createSession(graphs.head().toString(), options);
        }
    }

    static OrtSession.SessionOptions options() throws OrtException {
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.NO_OPT);
        options.setIntraOpNumThreads(1);
        return options;
    }

    Scores run(PackedBatch batch) throws OrtException, EngineException {
        Map<String, OnnxTensor> encoderInputs = new HashMap<>();
        Map<String, OnnxTensor> headInputs = new HashMap<>();
        BatchLayout layout = BatchLayout.of(batch);
        for (BatchTensor tensor : BatchTensor.values()) {
            (tensor.isEncoderInput() ? encoderInputs : headInputs).put(tensor.graphName(), tensor(layout, tensor));
        }
        try (OrtSession.Result encoded = encoder.run(encoderInputs, Set.of(GraphNames.HIDDEN_STATES))) {
            OnnxTensor hidden = (OnnxTensor) encoded.get(0);
            headInputs.put(GraphNames.HIDDEN_STATES, hidden);
            try (OrtSession.Result scored = head.run(headInputs, Set.of(GraphNames.LOGITS))) {
                FloatBuffer logits = direct(((OnnxTensor) scored.get(0)).getFloatBuffer());
                return new Scores(direct(hidden.getFloatBuffer()), Logits.wrap(batch, maxWidth, logits));
            }
        }
    }

    private OnnxTensor tensor(BatchLayout layout, BatchTensor tensor) throws OrtException {
        IntBuffer values = bytes(layout.size(tensor)).asIntBuffer();
        layout.write(tensor, values);
        return OnnxTensor.createTensor(environment, values.flip(), layout.shape(tensor));
    }

    private static FloatBuffer direct(FloatBuffer values) {
        return bytes(values.remaining()).asFloatBuffer().put(values).flip();
    }

    private static ByteBuffer bytes(int values) {
        return ByteBuffer.allocateDirect(values * Float.BYTES).order(ByteOrder.nativeOrder());
    }

    @Override
    public void close() throws OrtException {
        head.close();
        encoder.close();
    }

    /** What came out. */
    record Scores(FloatBuffer hidden, Logits logits) {}
}
