package io.nuner.model.export.graph;

import io.nuner.model.ModelException;
import io.nuner.model.export.checkpoint.StoredTensor;
import io.nuner.model.export.onnx.GraphBuilder.Value;
import java.io.IOException;

/** The parts that differ between families of encoders; the others are {@link EncoderGraph} and {@link EncoderLayer}. */
interface EncoderFamily {
    /**
     * Tells tokens where in their row they are, if the family does so before the first layer.
     *
     * @param words embeddings of the tokens, {@code [T, H]}
     */
    Value placed(Value words) throws IOException, ModelException;

    /**
     * Projection {@code query}, {@code key} or {@code value} of a layer.
     *
     * @param kind {@code weight} or {@code bias}
     */
    StoredTensor projection(EncoderTensors.Layer layer, String part, String kind) throws ModelException;

    /** The factor of all scores, which goes into the queries. */
    float scale();

    /**
     * What is added to the products of queries and keys, the mask included; as large as {@code [B, h, S, S]} or repeated to
     * that size.
     *
     * @param query {@code [B, h, S, d]}, scaled
     * @param key {@code [B, h, S, d]}
     */
    Value bias(EncoderTensors.Layer layer, Value query, Value key) throws IOException, ModelException;
}
