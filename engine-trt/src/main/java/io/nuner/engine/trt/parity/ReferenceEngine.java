package io.nuner.engine.trt.parity;

import io.nuner.engine.EngineDescription;
import io.nuner.engine.EngineException;
import io.nuner.engine.EngineLane;
import io.nuner.engine.EngineLimits;
import io.nuner.engine.EngineProvider;
import io.nuner.engine.EngineSettings;
import io.nuner.engine.InferenceEngine;
import io.nuner.engine.ModelGraphs;
import io.nuner.engine.PackedBatch;
import io.nuner.engine.RowLogits;
import io.nuner.engine.TokenRow;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/** The CPU engine of this program, which computes in float32 and is checked against the model's authors. Any thread. */
public final class ReferenceEngine {
    private static final String NAME = "onnx";

    private final EngineProvider provider;

    private ReferenceEngine(EngineProvider provider) {
        this.provider = provider;
    }

    /**
     * The reference engine of the class path.
     *
     * @throws EngineException if there is none or it cannot run here
     */
    public static ReferenceEngine find() throws EngineException {
        return among(ServiceLoader.load(EngineProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList());
    }

    /** The reference engine among these providers, as above. */
    static ReferenceEngine among(List<EngineProvider> providers) throws EngineException {
        EngineProvider provider = providers.stream()
                .filter(candidate -> candidate.name().equals(NAME))
                .findFirst()
                .orElseThrow(() -> unavailable("it is not part of this program"));
        EngineProvider.Availability availability = provider.availability();
        if (!availability.usable()) {
            throw unavailable(availability.reason());
        }
        return new ReferenceEngine(provider);
    }

    private static EngineException unavailable(String reason) {
        return EngineException.cannotOpen(
                "there is no engine " + NAME + " to compare with: " + reason, new IllegalStateException(reason));
    }

    /**
     * Answers the model's sample rows, each alone, on an engine opened for this and closed again; takes seconds to a minute.
     *
     * @param limits rows beyond them are left out
     * @throws EngineException if no row is left, or the reference fails
     */
    public GoldenBatch answer(ModelGraphs graphs, EngineLimits limits) throws EngineException {
        List<TokenRow> rows = graphs.samples().get().stream()
                .filter(row -> row.tokenCount() <= limits.maxRowTokens() && row.labelCount() <= limits.maxLabels())
                .toList();
        if (rows.isEmpty()) {
            throw EngineException.cannotOpen(
                    "the model has no sample row within " + limits + " to compare engines by",
                    new IllegalArgumentException("no sample row"));
        }
        try (InferenceEngine engine = provider.open(graphs, new EngineSettings(oneRow(rows), 1, 0))) {
            return new GoldenBatch(name(engine.description()), rows, answers(engine, rows));
        }
    }

    private static EngineLimits oneRow(List<TokenRow> rows) {
        int tokens = rows.stream().mapToInt(TokenRow::tokenCount).max().orElseThrow();
        int labels = rows.stream().mapToInt(TokenRow::labelCount).max().orElseThrow();
        return new EngineLimits(1, tokens, tokens, labels);
    }

    private static List<RowLogits> answers(InferenceEngine engine, List<TokenRow> rows) throws EngineException {
        List<RowLogits> answers = new ArrayList<>(rows.size());
        try (EngineLane lane = engine.openLane()) {
            for (TokenRow row : rows) {
                answers.add(lane.run(PackedBatch.of(List.of(row))).takeRow(0));
            }
        }
        return answers;
    }

    private static String name(EngineDescription engine) {
        return engine.name() + " " + engine.version();
    }
}
