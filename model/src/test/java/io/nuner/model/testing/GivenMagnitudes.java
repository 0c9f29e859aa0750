package io.nuner.model.testing;

import com.google.protobuf.InvalidProtocolBufferException;
import io.nuner.engine.EngineException;
import io.nuner.engine.EngineProvider;
import io.nuner.engine.EngineSettings;
import io.nuner.engine.GraphInspection;
import io.nuner.engine.InferenceEngine;
import io.nuner.engine.ModelGraph;
import io.nuner.engine.ModelGraphs;
import io.nuner.model.format.onnx.ModelProto;
import io.nuner.model.format.onnx.ValueInfoProto;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * An engine for int8 exports that runs nothing. It says that all inputs of all linear layers reach a magnitude of 1, or what a test
 * says of single ones; with none of these an export has no outliers. Not registered. One thread at a time.
 */
public final class GivenMagnitudes implements EngineProvider {
    private static final String PREFIX = "magnitudes/";

    private final Map<String, Map<Integer, Float>> given = new HashMap<>();

    /**
     * Says something else of one input.
     *
     * @param weight of the layer, by its name in the graph
     */
    public GivenMagnitudes with(String weight, int input, float magnitude) {
        given.computeIfAbsent(weight, layer -> new HashMap<>()).put(input, magnitude);
        return this;
    }

    @Override
    public String name() {
        return "given";
    }

    @Override
    public int preference() {
        return 0;
    }

    @Override
    public Availability availability() {
        return new Availability(true, "it runs nothing");
    }

    @Override
    public InferenceEngine open(ModelGraphs graphs, EngineSettings settings) throws EngineException {
        throw EngineException.cannotOpen("it runs nothing", new UnsupportedOperationException());
    }

    @Override
    public Optional<GraphInspection> inspection() {
        return Optional.of((graphs, rows, outputs) -> {
            Map<String, float[]> magnitudes = new HashMap<>();
            add(graphs.encoder(), magnitudes);
            add(graphs.head(), magnitudes);
            rows.forEach(row -> outputs.accept(magnitudes));
        });
    }

    private void add(ModelGraph graph, Map<String, float[]> magnitudes) {
        try {
            for (ValueInfoProto output :
                    ModelProto.parseFrom(graph.onnx()).getGraph().getOutputList()) {
                if (output.getName().startsWith(PREFIX)) {
                    magnitudes.put(output.getName(), magnitudes(output));
                }
            }
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private float[] magnitudes(ValueInfoProto output) {
        long size = output.getType().getTensorType().getShape().getDim(0).getDimValue();
        float[] values = new float[Math.toIntExact(size)];
        Arrays.fill(values, 1);
        given.getOrDefault(output.getName().substring(PREFIX.length()), Map.of())
                .forEach((input, magnitude) -> values[input] = magnitude);
        return values;
    }
}
