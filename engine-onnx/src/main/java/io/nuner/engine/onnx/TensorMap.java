package io.nuner.engine.onnx;

import ai.onnxruntime.OnnxTensor;
import io.nuner.engine.BatchTensor;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/** The input tensors of one run. One thread at a time; owns them until closed. */
final class TensorMap implements AutoCloseable {
    private final Map<BatchTensor, OnnxTensor> tensors = new EnumMap<>(BatchTensor.class);

    void put(BatchTensor name, OnnxTensor tensor) {
        tensors.put(name, tensor);
    }

    /** The encoder's inputs by name, a new map; the tensors stay ours. */
    Map<String, OnnxTensor> encoderInputs() {
        return inputs(true);
    }

    /** The head's inputs by name but for the hidden states, a new map; the tensors stay ours. */
    Map<String, OnnxTensor> headInputs() {
        return inputs(false);
    }

    private Map<String, OnnxTensor> inputs(boolean encoder) {
        Map<String, OnnxTensor> inputs = new HashMap<>();
        tensors.forEach((name, tensor) -> {
            if (name.isEncoderInput() == encoder) {
                inputs.put(name.graphName(), tensor);
            }
        });
        return inputs;
    }

    @Override
    public void close() {
        tensors.values().forEach(OnnxTensor::close);
    }
}
