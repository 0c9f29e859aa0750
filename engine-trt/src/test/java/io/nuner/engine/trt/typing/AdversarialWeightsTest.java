package io.nuner.engine.trt.typing;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import io.nuner.engine.EngineException;
import io.nuner.engine.PackedBatch;
import io.nuner.engine.TokenRow;
import io.nuner.model.ModelException;
import io.nuner.model.testing.RandomCheckpoint;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Weights scaled up until float16 overflows where it computes alone. The islands are what keeps such a model finite: with
 * every operator in half the same weights fail, so these tests can.
 */
class AdversarialWeightsTest {
    private static final long SEED = 11;

    @TempDir
    private Path directory;

    /** Sums that feed the norms are some thousands: their squares are beyond float16, they themselves are not. */
    @Test
    void normsOfLargeSumsStayExact() throws Exception {
        try (TypedModel model = scaled(name -> name.contains("_out") && !name.contains("norm"), 8000)) {
            FloatBuffer exact = hidden(model, model.exported());
            FloatBuffer half = hidden(model, RoundingGraph.of(model.typed(HalfType.FP16)));
            FloatBuffer native16 = hidden(model, model.typed(HalfType.FP16));
            FloatBuffer naive =
                    hidden(model, RoundingGraph.of(model.typed(HalfType.FP16, node -> Operator.Computation.HALF)));

            assertThat(distance(exact, half)).isPositive().isLessThan(0.02);
            assertThat(distance(exact, native16)).isPositive().isLessThan(0.05);
            assertThat(distance(exact, naive)).isGreaterThan(0.5);
        }
    }

    /** Three parts of a score that float16 holds each, but not their sum. */
    @Test
    void sumsOfLargeScoresStayFinite() throws Exception {
        try (TypedModel model = scaled(name -> name.contains("qkv") || name.contains("position_"), 150)) {
            FloatBuffer exact = hidden(model, model.exported());
            FloatBuffer half = hidden(model, RoundingGraph.of(model.typed(HalfType.FP16)));
            FloatBuffer native16 = hidden(model, model.typed(HalfType.FP16));
            FloatBuffer naive =
                    hidden(model, RoundingGraph.of(model.typed(HalfType.FP16, node -> Operator.Computation.HALF)));

            assertThat(distance(exact, half)).isPositive().isFinite();
            assertThat(distance(exact, native16)).isPositive().isFinite();
            assertThat(distance(exact, naive)).isInfinite();
        }
    }

    private TypedModel scaled(Predicate<String> names, double factor) throws ModelException, IOException {
        TypedModel model = TypedModel.random(RandomCheckpoint.Shape.TINY, SEED, directory);
        StoredWeights.of(model.exported().encoder()).change(names, value -> factor * value);
        return model;
    }

    private static FloatBuffer hidden(TypedModel model, TypedModel.GraphPair graphs)
            throws OrtException, EngineException {
        SplittableRandom random = new SplittableRandom(SEED);
        List<TokenRow> rows = IntStream.of(7, 40, 23)
                .mapToObj(length -> TokenRow.copyOf(
                        random.ints(length, 0, model.model().graphs().vocabularySize())
                                .toArray(),
                        IntStream.range(3, length).toArray(),
                        new int[] {1, 2}))
                .toList();
        try (GraphRun run = new GraphRun(graphs, model.model().graphs().maxWidth())) {
            return run.run(PackedBatch.of(rows)).hidden();
        }
    }

    /** The largest difference; infinite if a value is no number. */
    private static double distance(FloatBuffer exact, FloatBuffer other) {
        double largest = 0;
        for (int i = 0; i < exact.limit(); i++) {
            assertThat(exact.get(i)).isFinite();
            double difference = Math.abs(exact.get(i) - other.get(i));
            largest = Math.max(largest, Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference);
        }
        return largest;
    }
}
