package io.nuner.gputest.reference;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import io.nuner.engine.EngineException;
import io.nuner.engine.GraphNames;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/** The reference's encoder in ONNX Runtime on the CPU, in float32. One thread at a time. */
public final class CpuReference implements ReferenceRun {
    private static final float[] NONE = {};

    private final OrtEnvironment environment;
    private final OrtSession session;

    private CpuReference(OrtEnvironment environment, OrtSession session) {
        this.environment = environment;
        this.session = session;
    }

    /**
     * Loads the graph, with settings as the CPU engine has them.
     *
     * @param threads that work on one batch
     */
    public static CpuReference open(Path graph, int threads) throws EngineException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (SessionOptions options = new SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            options.setInterOpNumThreads(1);
            options.setOptimizationLevel(SessionOptions.OptLevel.ALL_OPT);
            options.setMemoryPatternOptimization(false);
            return new CpuReference(environment, environment.createSession(graph.toString(), options));
        } catch (OrtException e) {
            throw EngineException.cannotOpen(graph + ": ONNX Runtime cannot load it: " + e.getMessage(), e);
        }
    }

    @Override
    public void submit(PaddedBatch batch) throws EngineException {
        run(batch, states -> NONE);
    }

    @Override
    public void finish() {
        // each batch is done when it is submitted
    }

    @Override
    public float[] firstRow(PaddedBatch batch) throws EngineException {
        return run(batch, states -> firstRow(states, batch.rows()));
    }

    private float[] run(PaddedBatch batch, Reader reader) throws EngineException {
        try (OnnxTensor ids = tensor(batch, PaddedBatch::putIds);
                OnnxTensor mask = tensor(batch, PaddedBatch::putMask);
                OrtSession.Result result = session.run(
                        Map.of(ReferenceGraph.INPUT_IDS, ids, ReferenceGraph.ATTENTION_MASK, mask),
                        Set.of(GraphNames.HIDDEN_STATES))) {
            return reader.read((OnnxTensor) result.get(0));
        } catch (OrtException e) {
            throw EngineException.batchFailed("the reference failed: " + e.getMessage(), e);
        }
    }

    private static float[] firstRow(OnnxTensor states, int rows) {
        FloatBuffer values = states.getFloatBuffer();
        float[] taken = new float[values.remaining() / rows];
        values.get(taken);
        return taken;
    }

    private OnnxTensor tensor(PaddedBatch batch, BiConsumer<PaddedBatch, IntBuffer> put) throws OrtException {
        IntBuffer values = ByteBuffer.allocateDirect(batch.places() * Integer.BYTES)
                .order(ByteOrder.nativeOrder())
                .asIntBuffer();
        put.accept(batch, values);
        return OnnxTensor.createTensor(environment, values.flip(), new long[] {batch.rows(), batch.length()});
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            // freeing memory cannot be tried again
        }
    }

    /** Takes what is wanted of the hidden states. */
    @FunctionalInterface
    private interface Reader {
        float[] read(OnnxTensor states);
    }
}
