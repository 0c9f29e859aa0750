package io.nuner.gputest.reference;

import io.nuner.model.ModelException;
import io.nuner.model.export.checkpoint.CheckedTensors;
import io.nuner.model.export.checkpoint.StoredTensor;
import io.nuner.model.export.onnx.GraphBuilder;
import io.nuner.model.export.onnx.GraphBuilder.Value;
import io.nuner.model.export.onnx.Operators;
import io.nuner.model.export.onnx.Weights;
import java.io.IOException;
import java.util.List;

/** The encoder's tensors of a checkpoint as weights of a graph, unchanged. One thread at a time. */
final class ReferenceTensors {
    private static final String ENCODER = "token_rep_layer.bert_layer.model.";
    private static final int CHUNK = 1 << 16;

    private final CheckedTensors tensors;
    private final GraphBuilder graph;

    ReferenceTensors(CheckedTensors tensors, GraphBuilder graph) {
        this.tensors = tensors;
        this.graph = graph;
    }

    Value wordEmbeddings(int hiddenSize) throws IOException, ModelException {
        String name = "embeddings.word_embeddings.weight";
        return graph.weight(name, streamed(tensors.requireRows(ENCODER + name, hiddenSize)));
    }

    Value weight(String name, Integer... shape) throws IOException, ModelException {
        return graph.weight(name, streamed(tensors.require(ENCODER + name, shape)));
    }

    Linear linear(String name, int out, int in) throws IOException, ModelException {
        return new Linear(weight(name + ".weight", out, in), weight(name + ".bias", out));
    }

    Norm norm(String name, int size, float epsilon) throws IOException, ModelException {
        return new Norm(weight(name + ".weight", size), weight(name + ".bias", size), epsilon);
    }

    private static Weights streamed(StoredTensor tensor) {
        return new Weights() {
            @Override
            public List<Integer> shape() {
                return tensor.shape();
            }

            @Override
            public void writeTo(Weights.Sink sink) throws IOException {
                float[] chunk = new float[CHUNK];
                for (int done = 0; done < tensor.size(); done += chunk.length) {
                    int count = Math.min(chunk.length, tensor.size() - done);
                    tensor.read(done, chunk, count);
                    sink.put(chunk, count);
                }
            }
        };
    }

    /** A product and its bias. */
    record Linear(Value weight, Value bias) {
        /** Of {@code [n, in]}. */
        Value of(Operators ops, Value x) {
            return ops.linear(x, weight, bias);
        }
    }

    /** A layer norm. */
    record Norm(Value scale, Value bias, float epsilon) {
        Value of(Operators ops, Value x) {
            return ops.layerNorm(x, scale, bias, epsilon);
        }
    }
}
