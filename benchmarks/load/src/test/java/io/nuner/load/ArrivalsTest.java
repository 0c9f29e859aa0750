package io.nuner.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.nuner.load.LoadSchedule.Spacing;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ArrivalsTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void aClockTicksFromTheBeginningAndNotAtTheEnd() {
        Arrivals arrivals = new Arrivals(Step.constant(4, Duration.ofSeconds(1)), Spacing.CONSTANT, 1);

        assertThat(times(arrivals)).containsExactly(0L, SECOND / 4, SECOND / 2, 3 * SECOND / 4);
    }

    @ParameterizedTest
    @EnumSource(Spacing.class)
    void theSeedAloneDecides(Spacing spacing) {
        Step step = Step.constant(50, Duration.ofSeconds(4));

        List<Long> times = times(new Arrivals(step, spacing, 7));

        assertThat(times).isEqualTo(times(new Arrivals(step, spacing, 7))).isSorted();
        assertThat(times.equals(times(new Arrivals(step, spacing, 8)))).isEqualTo(spacing == Spacing.CONSTANT);
    }

    @Test
    void independentUsersComeAtTheRateWithGapsThatVaryAsMuchAsTheyLast() {
        long seed = 11;
        List<Long> times = times(new Arrivals(Step.constant(100, Duration.ofSeconds(1000)), Spacing.POISSON, seed));

        assertThat(times.size()).as("seed " + seed).isCloseTo(100_000, within(1_000)); // three standard deviations
        double[] gaps = LongStream.range(1, times.size())
                .mapToDouble(i -> times.get((int) i) - times.get((int) i - 1))
                .toArray();
        double mean = Arrays.stream(gaps).average().orElseThrow();
        double variance = Arrays.stream(gaps)
                .map(gap -> (gap - mean) * (gap - mean))
                .average()
                .orElseThrow();
        assertThat(Math.sqrt(variance) / mean).isCloseTo(1, within(0.03));
    }

    @ParameterizedTest
    @EnumSource(Spacing.class)
    void aRampChangesTheRateEvenly(Spacing spacing) {
        List<Long> times = times(new Arrivals(Step.ramp(100, 500, Duration.ofSeconds(100)), spacing, 3));

        assertThat(between(times, 0, 25)).isCloseTo(3_750, within(200L));
        assertThat(between(times, 25, 50)).isCloseTo(6_250, within(300L));
        assertThat(between(times, 75, 100)).isCloseTo(11_250, within(350L));
        assertThat(times.size()).isCloseTo(30_000, within(600));
    }

    @ParameterizedTest
    @CsvSource({"0, 200", "200, 0"})
    void aRampMayBeginOrEndWithNothing(double from, double to) {
        List<Long> times = times(new Arrivals(Step.ramp(from, to, Duration.ofSeconds(10)), Spacing.CONSTANT, 1));

        assertThat(times.size()).isCloseTo(1_000, within(1));
        assertThat(between(times, 0, 5)).isCloseTo(from == 0 ? 250L : 750L, within(2L));
    }

    @Test
    void aClosedLoopHasNone() {
        assertThatThrownBy(() -> new Arrivals(Step.closed(3, Duration.ofSeconds(1)), Spacing.POISSON, 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static List<Long> times(Arrivals arrivals) {
        Iterable<Long> iterable = () -> arrivals;
        return StreamSupport.stream(iterable.spliterator(), false).toList();
    }

    private static long between(List<Long> times, long fromSecond, long toSecond) {
        return times.stream()
                .filter(time -> time >= fromSecond * SECOND && time < toSecond * SECOND)
                .count();
    }
}
