package io.nuner.engine.trt.plan;

import io.nuner.engine.ModelGraph;
import io.nuner.engine.ModelGraphs;
import io.nuner.engine.Precision;
import io.nuner.files.Sha256;
import java.nio.ByteBuffer;

/**
 * The model of a plan, as far as it decides what the plan holds. Immutable.
 *
 * @param sha256 names the exported model with all its files, weights included
 * @param encoderSha256 of the encoder's graph, without its weights
 * @param headSha256 of the head's graph, without its weights
 * @param typing version of what types the graphs
 * @param precision type of the products
 */
public record PlanModel(String sha256, String encoderSha256, String headSha256, String typing, Precision precision) {
    /**
     * What a model's plans depend on.
     *
     * @param typing changes whenever the same graph is typed otherwise
     */
    public static PlanModel of(ModelGraphs graphs, String typing, Precision precision) {
        return new PlanModel(graphs.sha256(), sha256(graphs.encoder()), sha256(graphs.head()), typing, precision);
    }

    private static String sha256(ModelGraph graph) {
        return Sha256.of(ByteBuffer.wrap(graph.onnx()));
    }
}
