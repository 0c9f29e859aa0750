package io.nuner.gputest.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StatisticsTest {
    @Test
    void theMedianIsInTheMiddle() {
        assertThat(Samples.copyOf(new double[] {9, 1, 2}).median()).isEqualTo(2);
        assertThat(Samples.copyOf(new double[] {4, 1, 2, 9}).median()).isEqualTo(3);
    }

    @Test
    void aQuantileIsTheSmallestValueThatSoManyDoNotExceed() {
        Samples hundred =
                Samples.copyOf(IntStream.rangeClosed(1, 100).asDoubleStream().toArray());

        assertThat(hundred.quantile(0.99)).isEqualTo(99);
        assertThat(hundred.quantile(0.999)).isEqualTo(100);
        assertThat(hundred.quantile(0)).isEqualTo(1);
        assertThat(hundred.max()).isEqualTo(100);
    }

    @Test
    void nothingHasNoStatistics() {
        assertThatIllegalArgumentException().isThrownBy(() -> Samples.copyOf(new double[0]));
    }

    @Test
    void theSlopeIsThatOfTheLine() {
        Slope slope = new Slope();
        for (int minute = 0; minute < 30; minute++) {
            slope.add(minute, 80_000 + 2.5 * minute + (minute % 2 == 0 ? 1 : -1));
        }

        assertThat(slope.perUnit()).isCloseTo(2.5, within(0.02));
        assertThat(slope.count()).isEqualTo(30);
    }

    @Test
    void onePointHasNoSlope() {
        Slope slope = new Slope();
        slope.add(3, 5);

        assertThat(slope.perUnit()).isZero();
    }

    @Test
    void mixedLengthsHaveTheirMedianAndTheirMean() {
        int[] lengths = Lengths.mixed(24, 512).draw(20_000, 11);

        Arrays.sort(lengths);
        assertThat(lengths[10_000]).isBetween(116, 124);
        assertThat(lengths[0]).isEqualTo(24);
        assertThat(lengths[19_999]).isEqualTo(512);
        assertThat(Arrays.stream(lengths).average().orElseThrow()).isBetween(144.0, 154.0);
    }

    @Test
    void windowsShareTheTimeThereIs() {
        assertThat(Windows.within(130, 10)).isEqualTo(new Windows(1, 5, 1));
        assertThat(Windows.within(26, 10).totalSeconds()).isLessThan(2.6);
        assertThat(Windows.within(0, 10).seconds()).isEqualTo(0.1);
    }
}
