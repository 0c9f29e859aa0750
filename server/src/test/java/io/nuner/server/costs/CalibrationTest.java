package io.nuner.server.costs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.nuner.engine.EngineCells;
import io.nuner.engine.EngineException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CalibrationTest {
    private static final CostTerms CPU = new CostTerms(400_000, 100_000, 5_000, 120_000, 100);
    private static final Percentage FIVE_PERCENT = Percentage.withPercentage(5);

    @Test
    void theTermsOfAnEngineAreRecovered() throws EngineException {
        ClockedEngine curve = new ClockedEngine(CPU);

        CostTable table = curve.calibrate(Duration.ofSeconds(1));

        CostTerms found = table.costs().terms();
        assertThat(found.fixed()).isCloseTo(CPU.fixed(), FIVE_PERCENT);
        assertThat(found.perRow()).isCloseTo(CPU.perRow(), FIVE_PERCENT);
        assertThat(found.perStep()).isCloseTo(CPU.perStep(), FIVE_PERCENT);
        assertThat(found.perToken()).isCloseTo(CPU.perToken(), FIVE_PERCENT);
        assertThat(found.perPaddedSquare()).isCloseTo(CPU.perPaddedSquare(), FIVE_PERCENT);
        assertThat(table.worstError()).isLessThan(0.001);
        assertThat(table.origin()).isEqualTo("measured at start");
        assertThat(table.limits()).isEqualTo(curve.engine.limits());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aMomentsDisturbanceSpoilsNoShape(long seed) throws EngineException {
        ClockedEngine curve = new ClockedEngine(CPU);
        SplittableRandom random = new SplittableRandom(seed);
        int quietRuns = random.nextInt(60);
        AtomicInteger run = new AtomicInteger();
        curve.disturb(nanos -> {
            int since = run.getAndIncrement() - quietRuns;
            return since >= 0 && since < 6 ? 5 * nanos : nanos;
        });

        CostTable table = curve.calibrate(Duration.ofSeconds(20));

        assertThat(table.measured()).hasSizeGreaterThan(30);
        assertThat(table.worstError()).as("seed %d", seed).isLessThan(0.001);
    }

    @Test
    void anEngineThatPreparesItselfInItsFirstTwoRunsOfASizeIsMeasuredAsItRunsFromThenOn() throws EngineException {
        ClockedEngine curve = new ClockedEngine(CPU);
        Map<Long, AtomicInteger> runs = new HashMap<>();
        curve.disturb(nanos -> {
            int run = runs.computeIfAbsent(nanos, first -> new AtomicInteger()).incrementAndGet();
            return run <= 2 ? 5 * nanos : nanos;
        });

        CostTable table = curve.calibrate(Duration.ofMinutes(5));

        assertThat(table.measured()).hasSizeGreaterThan(30);
        assertThat(table.worstError()).isLessThan(0.001);
        assertThat(table.costs().terms().perToken()).isCloseTo(CPU.perToken(), FIVE_PERCENT);
    }

    @Test
    void theBudgetIsKept() throws EngineException {
        for (int millis : new int[] {100, 300, 1000, 3000}) {
            ClockedEngine curve = new ClockedEngine(CPU);

            CostTable table = curve.calibrate(Duration.ofMillis(millis));

            assertThat(curve.spentNanos())
                    .as("of %d ms", millis)
                    .isBetween(millis * 500_000L, millis * 1_001_000L); // the fit may be a little off
            assertThat(table.measured()).hasSizeGreaterThan(3);
        }
    }

    @Test
    void anEngineThatListsItsShapesIsMeasuredUpToItsLimits() throws EngineException {
        ClockedEngine any = new ClockedEngine(CPU);
        ClockedEngine listed = new ClockedEngine(CPU);
        listed.engine.padTo(EngineCells.copyOf(List.of(16, 64, 256, 512), List.of()));

        assertThat(largest(any.calibrate(Duration.ofSeconds(20)))).isEqualTo(ShapeGrid.DEFAULT_PADDED_TOKENS);
        assertThat(largest(listed.calibrate(Duration.ofSeconds(20)))).isEqualTo(4096);
    }

    private static int largest(CostTable table) {
        return table.measured().stream()
                .mapToInt(batch -> batch.shape().paddedTokens())
                .max()
                .orElseThrow();
    }

    @Test
    void moreTimeMeasuresMoreShapes() throws EngineException {
        int few = new ClockedEngine(CPU)
                .calibrate(Duration.ofMillis(300))
                .measured()
                .size();
        int many = new ClockedEngine(CPU)
                .calibrate(Duration.ofSeconds(3))
                .measured()
                .size();

        assertThat(many).isGreaterThan(few);
    }

    @Test
    void withoutAnyTimeThreeShapesRunOnceAfterOneRunToWarmUp() throws EngineException {
        ClockedEngine curve = new ClockedEngine(CPU);

        CostTable table = curve.calibrate(Duration.ZERO);

        assertThat(curve.engine.runs()).isEqualTo(4);
        assertThat(table.measured()).hasSize(3);
        assertThat((double) table.costs().nanos(4, 64, 256) / curve.truth.nanos(4, 64, 256))
                .isCloseTo(1, within(0.3));
    }

    @Test
    void aShapeOnWhichTheEngineFailsIsLeftOut() throws EngineException {
        ClockedEngine curve = new ClockedEngine(CPU);
        curve.engine.onRun(batch -> {
            curve.pass(batch);
            if (batch.longestRow() == 64) {
                throw EngineException.batchFailed("no memory");
            }
        });

        CostTable table = curve.calibrate(Duration.ofSeconds(1));

        assertThat(table.measured())
                .hasSizeGreaterThan(3)
                .noneMatch(batch -> batch.shape().longestRow() == 64);
        assertThat(table.origin()).matches("measured at start; \\d+ runs failed, the last one so: no memory");
        assertThat(table.costs().terms().perToken()).isCloseTo(CPU.perToken(), Percentage.withPercentage(15));
    }

    @Test
    void anEngineThatFailsOnEveryShapeGetsAnAssumedModelWithTheReason() throws EngineException {
        ClockedEngine curve = new ClockedEngine(CPU);
        curve.engine.onRun(batch -> {
            throw new IllegalStateException("broken");
        });

        CostTable table = curve.calibrate(Duration.ofSeconds(1));

        assertThat(table.measured()).isEmpty();
        assertThat(table.costs().nanos(4, 50, 200)).isEqualTo(2 * table.costs().nanos(2, 50, 100));
        assertThat(table.origin())
                .startsWith("assumed, since no batch could be measured; ")
                .endsWith(" runs failed, the last one so: the engine threw IllegalStateException");
    }

    @Test
    void anErrorOfTheEngineIsAFailedRunToo() throws EngineException {
        ClockedEngine curve = new ClockedEngine(CPU);
        curve.engine.onRun(batch -> {
            throw new NoClassDefFoundError("broken");
        });

        CostTable table = curve.calibrate(Duration.ofSeconds(1));

        assertThat(table.measured()).isEmpty();
        assertThat(table.origin()).endsWith(" runs failed, the last one so: the engine threw NoClassDefFoundError");
    }

    @Test
    void anEngineThatIsLostIsNotMeasuredFurther() {
        ClockedEngine curve = new ClockedEngine(CPU);
        curve.engine.failWith(() -> EngineException.engineLost("gone", new IllegalStateException()));

        assertThatThrownBy(() -> curve.calibrate(Duration.ofSeconds(1)))
                .isInstanceOf(EngineException.class)
                .hasMessage("gone");
        assertThat(curve.engine.runs()).isEqualTo(1);
        assertThat(curve.engine.openLanes()).isZero();
    }
}
