package io.nuner.micro;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.nuner.engine.PackedBatch;
import io.nuner.engine.TokenRow;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The Python reference's own ONNX export (six inputs, rows padded to the longest), run on ONNX Runtime with the
 * options of our engine: the baseline of {@link EncoderThroughput}. One thread at a time.
 *
 * <p>Input names and layout: gliner 0.2, {@code export_to_onnx} of a span model.
 */
final class ReferenceSession implements AutoCloseable {
    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;

    private ReferenceSession(Path graph, int threads) throws OrtException {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
            // as ours: threads that went on spinning after a run would take a core from the other side's turn
            options.addConfigEntry("session.force_spinning_stop", "1");
            session = environment.createSession(graph.toString(), options);
        }
    }

    static ReferenceSession open(Path graph, int threads) throws OrtException {
        return new ReferenceSession(graph, threads);
    }

    /** Runs the batch; returns {@code [B][W][K][C]} logits. All rows must have the same number of labels. */
    float[][][][] run(PackedBatch batch) throws OrtException {
        Map<String, OnnxTensor> inputs = new HashMap<>();
        try {
            addTokens(inputs, batch);
            addSpans(inputs, batch);
            try (OrtSession.Result result = session.run(inputs)) {
                return (float[][][][]) result.get(0).getValue();
            }
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    private void addTokens(Map<String, OnnxTensor> inputs, PackedBatch batch) throws OrtException {
        int rows = batch.rowCount();
        long[][] ids = new long[rows][batch.longestRow()];
        long[][] mask = new long[rows][batch.longestRow()];
        long[][] words = new long[rows][batch.longestRow()];
        long[][] lengths = new long[rows][1];
        for (int r = 0; r < rows; r++) {
            TokenRow row = batch.rows().get(r);
            lengths[r][0] = row.wordCount();
            for (int t = 0; t < row.tokenCount(); t++) {
                ids[r][t] = row.tokenId(t);
                mask[r][t] = 1;
            }
            for (int w = 0; w < row.wordCount(); w++) {
                words[r][row.wordToken(w)] = w + 1L;
            }
        }
        inputs.put("input_ids", OnnxTensor.createTensor(environment, ids));
        inputs.put("attention_mask", OnnxTensor.createTensor(environment, mask));
        inputs.put("words_mask", OnnxTensor.createTensor(environment, words));
        inputs.put("text_lengths", OnnxTensor.createTensor(environment, lengths));
    }

    /** Spans of one word: the compared models have max_width 1. */
    private void addSpans(Map<String, OnnxTensor> inputs, PackedBatch batch) throws OrtException {
        long[][][] spans = new long[batch.rowCount()][batch.mostWords()][2];
        boolean[][] inText = new boolean[batch.rowCount()][batch.mostWords()];
        for (int r = 0; r < batch.rowCount(); r++) {
            for (int w = 0; w < batch.mostWords(); w++) {
                inText[r][w] = w < batch.rows().get(r).wordCount();
                spans[r][w][0] = inText[r][w] ? w : 0;
                spans[r][w][1] = inText[r][w] ? w : 0;
            }
        }
        inputs.put("span_idx", OnnxTensor.createTensor(environment, spans));
        inputs.put("span_mask", OnnxTensor.createTensor(environment, inText));
    }

    @Override
    public void close() throws OrtException {
        session.close();
    }
}
