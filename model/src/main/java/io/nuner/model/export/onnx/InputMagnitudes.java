package io.nuner.model.export.onnx;

import io.nuner.engine.EngineException;
import io.nuner.engine.GraphInspection;
import io.nuner.engine.ModelGraphs;
import io.nuner.engine.TokenRow;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * How large the inputs of each linear layer of a model become on sample texts: of each input the largest magnitude. Decides which
 * of them are outliers. Immutable once measured; any thread then.
 */
public final class InputMagnitudes {
    private final Map<String, float[]> byWeight = new HashMap<>();

    private InputMagnitudes() {}

    /**
     * Runs a model in float32.
     *
     * @param graphs as exported with float32 weights
     * @param rows of the sample texts
     * @param done told how many rows have run
     * @throws EngineException if they cannot be run
     */
    public static InputMagnitudes measure(
            GraphInspection inspection, ModelGraphs graphs, List<TokenRow> rows, IntConsumer done)
            throws EngineException {
        ModelGraphs measured =
                graphs.with(MagnitudeOutputs.addedTo(graphs.encoder()), MagnitudeOutputs.addedTo(graphs.head()));
        InputMagnitudes magnitudes = new InputMagnitudes();
        int[] count = {0};
        inspection.run(measured, rows, outputs -> {
            outputs.forEach(magnitudes::add);
            done.accept(++count[0]);
        });
        return magnitudes;
    }

    private void add(String output, float[] values) {
        float[] largest =
                byWeight.computeIfAbsent(MagnitudeOutputs.weightOf(output), weight -> new float[values.length]);
        for (int input = 0; input < largest.length; input++) {
            largest[input] = Math.max(largest[input], values[input]); // NaN stays NaN
        }
    }

    /** The name of a weight in front of which some value is not finite, as in a damaged model. */
    public Optional<String> notFinite() {
        return byWeight.entrySet().stream()
                .filter(layer -> !isFinite(layer.getValue()))
                .map(Map.Entry::getKey)
                .min(Comparator.naturalOrder());
    }

    private static boolean isFinite(float[] magnitudes) {
        for (float magnitude : magnitudes) {
            if (!Float.isFinite(magnitude)) {
                return false;
            }
        }
        return true;
    }

    /**
     * The outliers among the inputs of a layer.
     *
     * @param weight its name in the graph
     * @throws IllegalArgumentException if no such layer was measured, or a magnitude is not finite
     */
    OutlierColumns outliers(String weight, int inputs) {
        float[] magnitudes = byWeight.get(weight);
        if (magnitudes == null || magnitudes.length != inputs) {
            throw new IllegalArgumentException("no magnitudes of the " + inputs + " inputs of " + weight);
        }
        return OutlierColumns.of(magnitudes);
    }
}
