package io.nuner.gputest.reference;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.nuner.engine.BatchLayout;
import io.nuner.engine.BatchTensor;
import io.nuner.engine.GraphNames;
import io.nuner.engine.PackedBatch;
import java.nio.IntBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;

/** Our own encoder in ONNX Runtime, asked for the hidden states of every token. One thread at a time. */
final class PackedEncoder implements AutoCloseable {
    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;

    PackedEncoder(Path graph) throws OrtException {
        session = environment.createSession(graph.toString());
    }

    /** Hidden states of all tokens, one row after the other, {@code [T, H]}. */
    float[][] run(PackedBatch batch) throws OrtException {
        BatchLayout layout = BatchLayout.of(batch);
        Map<String, OnnxTensor> inputs = new HashMap<>();
        for (BatchTensor tensor : BatchTensor.values()) {
            if (tensor.isEncoderInput()) {
                inputs.put(tensor.graphName(), tensor(layout, tensor));
            }
        }
        try (OrtSession.Result result = session.run(inputs)) {
            return (float[][])
                    result.get(GraphNames.HIDDEN_STATES).orElseThrow().getValue();
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    private OnnxTensor tensor(BatchLayout layout, BatchTensor tensor) throws OrtException {
        if (tensor == BatchTensor.NEEDED_TOKENS) {
            int tokens = layout.batch().tokenCount();
            int[] all = IntStream.range(0, tokens).toArray();
            return OnnxTensor.createTensor(environment, IntBuffer.wrap(all), new long[] {tokens});
        }
        IntBuffer values = IntBuffer.allocate(layout.size(tensor));
        layout.write(tensor, values);
        return OnnxTensor.createTensor(environment, values.flip(), layout.shape(tensor));
    }

    @Override
    public void close() throws OrtException {
        session.close();
    }
}
