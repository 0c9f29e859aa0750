package io.nuner.engine.trt.typing;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.engine.EngineException;
import io.nuner.engine.RowLogits;
import io.nuner.model.testing.Fixtures;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Typed graphs answer as the float32 ones do, as far as a CPU can tell (docs/adr/0014): scores within a bound, and the same
 * entities wherever changes within the bound cannot decide. The bounds are about twice what was measured.
 */
class HalfParityTest {
    @TempDir
    private Path tempDir;

    /**
     * Scores of random models lie all around the threshold. ONNX Runtime's own half kernels add up in half, which costs more
     * than rounding does; it has none for bfloat16, whose bound leaves no entity decided.
     */
    @ParameterizedTest
    @EnumSource(Fixtures.class)
    void randomModelsAnswerAlike(Fixtures fixture) throws Exception {
        try (TypedModel model = TypedModel.of(fixture, tempDir)) {
            Subject subject = Subject.of(model, fixture);

            requireAlike(subject, subject.scores(model.typed(HalfType.FP16)), 0.07);
            requireAlike(subject, subject.scores(rounding(model, HalfType.FP16)), 0.03);
            requireAlike(subject, subject.scores(rounding(model, HalfType.BF16)), 0.25);
        }
    }

    @Test
    void theTrainedModelAnswersAlike() throws Exception {
        try (TypedModel model = TypedModel.demo(tempDir)) {
            Subject subject = Subject.of(model, Fixtures.REAL_VOCAB);

            assertThat(requireAlike(subject, subject.scores(rounding(model, HalfType.FP16)), 0.003))
                    .isGreaterThan(50);
            assertThat(requireAlike(subject, subject.scores(rounding(model, HalfType.BF16)), 0.04))
                    .isGreaterThan(50);
        }
    }

    private static TypedModel.GraphPair rounding(TypedModel model, HalfType half)
            throws EngineException, IOException, TypingException {
        return RoundingGraph.of(model.typed(half));
    }

    /** Returns how many entities were compared. */
    private static int requireAlike(Subject subject, List<RowLogits> half, double bound) {
        ScoreComparison comparison = subject.compare(half);
        assertThat(comparison.largest()).as("%s", comparison).isPositive().isLessThan(bound);
        assertThat(subject.decidedEntities(half, 2 * bound)).isEqualTo(subject.decidedEntities(2 * bound));
        return subject.decidedEntities(2 * bound).stream().mapToInt(List::size).sum();
    }
}
