package io.nuner.model.accuracy;

import io.nuner.engine.EngineException;
import io.nuner.engine.EngineLane;
import io.nuner.engine.EngineLimits;
import io.nuner.engine.EngineProvider;
import io.nuner.engine.EngineSettings;
import io.nuner.engine.InferenceEngine;
import io.nuner.engine.PackedBatch;
import io.nuner.engine.RowLogits;
import io.nuner.engine.TokenRow;
import io.nuner.model.ModelException;
import io.nuner.model.NerModel;
import java.util.List;

/**
 * An engine with one lane that uses all cores for one row at a time. One thread at a time.
 *
 * @param weights of the model, for messages
 */
record AnsweringEngine(String weights, InferenceEngine engine, EngineLane lane) implements AutoCloseable {
    /** Opens the engine with a model, for rows up to such a length with so many labels. */
    static AnsweringEngine open(EngineProvider provider, NerModel model, int maxTokens, int maxLabels)
            throws ModelException {
        String weights = model.manifest().weights().toString();
        EngineLimits limits = new EngineLimits(1, maxTokens, maxTokens, maxLabels);
        try {
            InferenceEngine engine = provider.open(model.graphs(), new EngineSettings(limits, 1, 0));
            return new AnsweringEngine(weights, engine, lane(engine));
        } catch (EngineException e) {
            throw failure(weights, e);
        }
    }

    private static EngineLane lane(InferenceEngine engine) throws EngineException {
        try {
            return engine.openLane();
        } catch (EngineException | RuntimeException e) {
            engine.close();
            throw e;
        }
    }

    RowLogits answer(TokenRow row) throws ModelException {
        try {
            return lane.run(PackedBatch.of(List.of(row))).takeRow(0);
        } catch (EngineException e) {
            throw failure(weights, e);
        }
    }

    private static ModelException failure(String weights, EngineException cause) {
        return new ModelException(
                "int8 cannot be compared with float32: the " + weights + " export fails: " + cause.getMessage(), cause);
    }

    @Override
    public void close() {
        lane.close();
        engine.close();
    }
}
