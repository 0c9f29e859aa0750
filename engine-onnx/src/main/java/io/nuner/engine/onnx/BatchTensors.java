package io.nuner.engine.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.nuner.engine.BatchLayout;
import io.nuner.engine.BatchTensor;
import java.nio.IntBuffer;

/** Turns a laid out batch into ONNX Runtime tensors over one reused buffer. One thread at a time. */
final class BatchTensors {
    private final OrtEnvironment environment;
    private final GrowingBuffer memory = new GrowingBuffer();

    BatchTensors(OrtEnvironment environment) {
        this.environment = environment;
    }

    /** The inputs of both graphs; they view this object's memory, so close them before the next call. */
    TensorMap create(BatchLayout layout) throws OrtException {
        int total = 0;
        for (BatchTensor tensor : BatchTensor.values()) {
            total = Math.addExact(total, layout.size(tensor));
        }
        IntBuffer values = memory.ints(total);
        TensorMap tensors = new TensorMap();
        try {
            for (BatchTensor tensor : BatchTensor.values()) {
                tensors.put(tensor, create(tensor, layout, values));
            }
            return tensors;
        } catch (OrtException | RuntimeException e) {
            tensors.close();
            throw e;
        }
    }

    private OnnxTensor create(BatchTensor tensor, BatchLayout layout, IntBuffer values) throws OrtException {
        IntBuffer own = values.slice().limit(layout.size(tensor));
        layout.write(tensor, own.duplicate());
        values.position(values.position() + own.limit());
        return OnnxTensor.createTensor(environment, own, layout.shape(tensor));
    }
}
