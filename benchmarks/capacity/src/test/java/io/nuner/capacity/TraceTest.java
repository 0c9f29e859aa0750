package io.nuner.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.nuner.capacity.simulation.Arrival;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TraceTest {
    private static final long SEED = 5;

    @Test
    void aTraceNeedsTimeBetweenTexts() {
        assertThatThrownBy(() -> trace(0)).hasMessageContaining("at least two texts");
        assertThatThrownBy(() -> trace(5, 5)).hasMessageContaining("at least two texts");
    }

    @Test
    void textsAreOrderedAndCountFromTheFirst() {
        assertThat(trace(70, 50, 60).arrivals()).extracting(Arrival::atNanos).containsExactly(0L, 10L, 20L);
    }

    @Test
    void atItsOwnRateATraceIsLeftAsItIs() {
        Trace trace = trace(0, 100, 1_000, 10_000);

        assertThat(trace.share(trace.rate(), 1, 1, SEED)).isEqualTo(trace.arrivals());
    }

    @Test
    void aHigherRateShrinksEachGapByOneFactor() {
        Trace trace = trace(0, 100, 1_000, 10_000);

        assertThat(trace.share(2 * trace.rate(), 1, 1, SEED))
                .extracting(Arrival::atNanos)
                .containsExactly(0L, 50L, 500L, 5_000L);
    }

    @Test
    void aRepetitionHasTheSameTimesAndTextsInAnotherOrder() {
        Trace trace = random(1_000);

        List<Arrival> twice = trace.share(trace.rate(), 1, 1_001, SEED);

        List<Arrival> second = twice.subList(1_000, 2_000);
        long shiftNanos = second.get(0).atNanos();
        assertThat(twice).hasSize(2_000).startsWith(trace.arrivals().toArray(Arrival[]::new));
        assertThat(second.stream().map(text -> text.atNanos() - shiftNanos).toList())
                .usingElementComparator((one, other) -> Math.abs(one - other) <= 1 ? 0 : 1)
                .containsExactlyElementsOf(
                        trace.arrivals().stream().map(Arrival::atNanos).toList());
        assertThat(second).extracting(Arrival::tokens).isNotEqualTo(tokens(trace.arrivals()));
        assertThat(second).extracting(Arrival::tokens).containsExactlyInAnyOrderElementsOf(tokens(trace.arrivals()));
    }

    @Test
    void eachOfSeveralReplicasGetsItsPartOfTheRate() {
        Trace trace = random(1_000);

        List<Arrival> share = trace.share(300, 3, 20_000, SEED);

        double seconds = share.get(share.size() - 1).atNanos() / 1e9;
        assertThat(share).hasSizeGreaterThanOrEqualTo(20_000);
        assertThat(share.size() / seconds).isCloseTo(100, within(3.0));
        assertThat(share).extracting(Arrival::atNanos).isSorted();
    }

    @Test
    void textsAreCutToWhatTheEngineReads() {
        assertThat(random(100).cutTo(17).arrivals())
                .extracting(Arrival::tokens)
                .allMatch(tokens -> tokens <= 17)
                .contains(17);
    }

    private static List<Integer> tokens(List<Arrival> arrivals) {
        return arrivals.stream().map(Arrival::tokens).toList();
    }

    private static Trace trace(long... atNanos) {
        List<Arrival> arrivals = new ArrayList<>();
        for (long at : atNanos) {
            arrivals.add(new Arrival(at, 10, "default", false, 1_000));
        }
        return Trace.ofUnordered(arrivals);
    }

    private static Trace random(int texts) {
        Random random = new Random(SEED);
        List<Arrival> arrivals = new ArrayList<>();
        long at = 0;
        for (int i = 0; i < texts; i++) {
            arrivals.add(new Arrival(at, 1 + random.nextInt(200), "default", random.nextBoolean(), 1_000));
            at += random.nextInt(20_000_000);
        }
        return new Trace(arrivals);
    }
}
