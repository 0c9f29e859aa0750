package io.nuner.engine.trt.plan;

import io.nuner.engine.EngineException;
import io.nuner.engine.ModelGraphs;
import io.nuner.engine.Precision;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

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
     * Reads the graphs, which are small beside their weights.
     *
     * @param typing changes whenever the same graph is typed otherwise
     * @throws EngineException naming a graph that cannot be read
     */
    public static PlanModel of(ModelGraphs graphs, String typing, Precision precision) throws EngineException {
        return new PlanModel(graphs.sha256(), sha256(graphs.encoder()), sha256(graphs.head()), typing, precision);
    }

    private static String sha256(Path graph) throws EngineException {
        try {
            return Sha256.of(ByteBuffer.wrap(Files.readAllBytes(graph)));
        } catch (IOException e) {
            throw EngineException.cannotOpen("cannot read " + graph + ": " + e.getMessage(), e);
        }
    }
}
