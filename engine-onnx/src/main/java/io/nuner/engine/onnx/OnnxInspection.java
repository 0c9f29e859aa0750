package io.nuner.engine.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.nuner.engine.BatchLayout;
import io.nuner.engine.EngineException;
import io.nuner.engine.GraphInspection;
import io.nuner.engine.GraphNames;
import io.nuner.engine.ModelGraphs;
import io.nuner.engine.PackedBatch;
import io.nuner.engine.TokenRow;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Reads outputs that graphs have beside the usual ones, on all cores. Any thread. */
final class OnnxInspection implements GraphInspection {
    private static final Set<String> USUAL = Set.of(GraphNames.HIDDEN_STATES, GraphNames.LOGITS);

    @Override
    public void run(ModelGraphs graphs, List<TokenRow> rows, Consumer<Map<String, float[]>> outputs)
            throws EngineException {
        OrtEnvironment environment = OnnxEngine.started();
        int threads = Runtime.getRuntime().availableProcessors();
        try (Sessions sessions =
                Sessions.open(environment, graphs, new Sessions.Processor(threads, ByteProducts.here()))) {
            BatchTensors inputs = new BatchTensors(environment);
            for (TokenRow row : rows) {
                outputs.accept(run(sessions, inputs, BatchLayout.of(PackedBatch.of(List.of(row)))));
            }
        } catch (OrtException e) {
            throw EngineException.batchFailed("the forward pass failed (" + e.getCode() + ")", e);
        }
    }

    private static Map<String, float[]> run(Sessions sessions, BatchTensors inputs, BatchLayout layout)
            throws OrtException {
        Map<String, float[]> found = new HashMap<>();
        try (TensorMap all = inputs.create(layout);
                OrtSession.Result encoded = sessions.encoder().run(all.encoderInputs())) {
            Map<String, OnnxTensor> headInputs = all.headInputs();
            headInputs.put(GraphNames.HIDDEN_STATES, (OnnxTensor)
                    encoded.get(GraphNames.HIDDEN_STATES).orElseThrow());
            try (OrtSession.Result scored = sessions.head().run(headInputs)) {
                take(encoded, found);
                take(scored, found);
            }
        }
        return found;
    }

    private static void take(OrtSession.Result result, Map<String, float[]> found) {
        for (Map.Entry<String, OnnxValue> output : result) {
            if (!USUAL.contains(output.getKey())) {
                FloatBuffer values = ((OnnxTensor) output.getValue()).getFloatBuffer(); // a copy
                float[] taken = new float[values.remaining()];
                values.get(taken);
                found.put(output.getKey(), taken);
            }
        }
    }
}
