package io.nuner.gputest.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlopsTest {
    /** The encoder of microsoft/deberta-v3-large. */
    private static final Flops LARGE = new Flops(24, 1024, 4096, 256, 512);

    @ParameterizedTest
    @CsvSource({"64, 0.623", "128, 0.642", "256, 0.668", "384, 0.687", "512, 0.705"})
    void theLargeEncoderComputesTheseGflopForEachToken(int tokens, double gflop) {
        assertThat(LARGE.perToken(tokens) / 1e9).isCloseTo(gflop, within(0.0005));
    }

    @ParameterizedTest
    @CsvSource({"64, 128", "128, 256", "192, 336", "256, 392", "384, 464", "512, 512", "2000, 512"})
    void aRowReachesPartOfThePositionTable(int tokens, int rows) {
        assertThat(LARGE.positionRows(tokens)).isEqualTo(rows);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 1", "128, 128", "129, 129", "511, 255", "5000, 256"})
    void nearDistancesHaveABucketEachAndFarOnesShare(int distance, int bucket) {
        assertThat(LARGE.bucket(distance)).isEqualTo(bucket);
    }

    @Test
    void aRowCostsItsTokens() {
        assertThat(LARGE.perRow(128)).isEqualTo(128 * LARGE.perToken(128));
    }
}
