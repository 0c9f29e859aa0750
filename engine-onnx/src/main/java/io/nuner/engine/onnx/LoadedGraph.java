package io.nuner.engine.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import io.nuner.engine.GraphWeight;
import io.nuner.engine.ModelGraph;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A session and the tensors over the mapped weights that it reads; nothing is copied, and no file opened. Any thread; owns
 * both until closed.
 */
final class LoadedGraph implements AutoCloseable {
    private final OrtSession session;
    /** Freed after the session, which goes on reading those that it did not rearrange. */
    private final Map<String, OnnxTensorLike> weights;

    private LoadedGraph(OrtSession session, Map<String, OnnxTensorLike> weights) {
        this.session = session;
        this.weights = weights;
    }

    static LoadedGraph of(OrtEnvironment environment, ModelGraph graph, SessionOptions options) throws OrtException {
        Map<String, OnnxTensorLike> weights = new LinkedHashMap<>();
        try {
            for (GraphWeight weight : graph.weights()) {
                weights.put(weight.name(), tensor(environment, weight));
            }
            if (!weights.isEmpty()) {
                options.addExternalInitializers(weights);
            }
            return new LoadedGraph(environment.createSession(NormFusion.in(graph.onnx()), options), weights);
        } catch (OrtException | RuntimeException e) {
            weights.values().forEach(OnnxTensorLike::close);
            throw e;
        }
    }

    private static OnnxTensor tensor(OrtEnvironment environment, GraphWeight weight) throws OrtException {
        long[] shape = weight.shape().stream().mapToLong(Long::longValue).toArray();
        return switch (weight.type()) {
            case FLOAT32 -> OnnxTensor.createTensor(environment, weight.values().asFloatBuffer(), shape);
            case INT8 -> OnnxTensor.createTensor(environment, weight.values(), shape, OnnxJavaType.INT8);
        };
    }

    OrtSession session() {
        return session;
    }

    @Override
    public void close() {
        try {
            session.close();
            weights.values().forEach(OnnxTensorLike::close);
        } catch (OrtException | IllegalStateException e) {
            // freeing memory cannot be tried again
        }
    }
}
