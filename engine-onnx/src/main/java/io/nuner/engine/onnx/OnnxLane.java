package io.nuner.engine.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.RunOptions;
import io.nuner.engine.BatchLayout;
import io.nuner.engine.EngineException;
import io.nuner.engine.EngineLane;
import io.nuner.engine.GraphNames;
import io.nuner.engine.Logits;
import io.nuner.engine.PackedBatch;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One caller of the shared sessions, with buffers of its own. One thread at a time.
 *
 * <p>Inputs are read from and logits written to the lane's memory; hidden states never leave the native side.
 */
final class OnnxLane implements EngineLane {
    private final OnnxEngine engine;
    private final BatchTensors inputs;
    private final GrowingBuffer scores = new GrowingBuffer();
    private final Aftermath aftermath = new Aftermath();
    /** Not a plain flag: a hung lane counts as closed before its thread returns. */
    private final AtomicBoolean closed = new AtomicBoolean();

    OnnxLane(OnnxEngine engine) {
        this.engine = engine;
        inputs = new BatchTensors(engine.environment());
    }

    @Override
    public Logits run(PackedBatch batch) throws EngineException {
        engine.limits().check(batch);
        if (closed.get()) {
            throw new IllegalStateException("the lane is closed");
        }
        BatchLayout layout = BatchLayout.of(batch);
        try {
            long size = (long) batch.rowCount() * batch.longestRow();
            FloatBuffer logits = run(layout, aftermath.endsWith(size) ? ReturningMemory.options() : null);
            return Logits.wrap(batch, engine.graphs().maxWidth(), logits);
        } catch (OrtException e) {
            throw EngineException.batchFailed("the forward pass failed (" + e.getCode() + ")", e);
        } catch (IllegalStateException e) {
            throw EngineException.engineLost("the engine was closed under a running lane", e);
        }
    }

    private FloatBuffer run(BatchLayout layout, @Nullable RunOptions options) throws OrtException {
        try (TensorMap all = inputs.create(layout);
                OrtSession.Result encoded = engine.sessions()
                        .encoder()
                        .run(all.encoderInputs(), Set.of(GraphNames.HIDDEN_STATES), Map.of(), options)) {
            Map<String, OnnxTensor> headInputs = all.headInputs();
            headInputs.put(GraphNames.HIDDEN_STATES, (OnnxTensor) encoded.get(0));
            return score(layout, headInputs, options);
        }
    }

    private FloatBuffer score(BatchLayout layout, Map<String, OnnxTensor> headInputs, @Nullable RunOptions options)
            throws OrtException {
        long[] shape = layout.logitsShape(engine.graphs().maxWidth());
        FloatBuffer logits = scores.floats(Math.toIntExact(shape[0] * shape[1] * shape[2] * shape[3]));
        try (OnnxTensor target = OnnxTensor.createTensor(engine.environment(), logits, shape)) {
            engine.sessions()
                    .head()
                    .run(headInputs, Set.of(), Map.of(GraphNames.LOGITS, target), options)
                    .close();
            return logits;
        }
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            engine.laneClosed();
        }
    }
}
