package io.nuner.model.accuracy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.nuner.model.Accuracy;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScoreDifferencesTest {
    @Test
    void countsWhatCrossesTheThreshold() {
        ScoreDifferences differences = new ScoreDifferences();
        differences.add(0.4, 0.6);
        differences.add(0.6, 0.5);
        differences.add(0.7, 0.9);
        differences.add(0.2, 0.2);

        assertThat(differences.total()).isEqualTo(new Accuracy.Scores(4, 0.125, 0.2, 0.2, 2));
    }

    @Test
    void thatNothingWasComparedIsNoDifference() {
        assertThat(new ScoreDifferences().total()).isEqualTo(new Accuracy.Scores(0, 0, 0, 0, 0));
    }

    @Test
    void theLargestDifferenceThereCanBeIsCounted() {
        ScoreDifferences differences = new ScoreDifferences();
        differences.add(0, 1);

        assertThat(differences.total()).isEqualTo(new Accuracy.Scores(1, 1, 1, 1, 1));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 999, 1000, 1001, 50_000})
    void theQuantileIsAtMostOneStepTooLarge(int count) {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        ScoreDifferences differences = new ScoreDifferences();
        double[] exact = new double[count];
        for (int i = 0; i < count; i++) {
            exact[i] = Math.pow(random.nextDouble(), 5);
            differences.add(exact[i], 0);
        }
        Arrays.sort(exact);

        Accuracy.Scores total = differences.total();
        double quantile = exact[(int) Math.ceil(0.999 * count) - 1];
        assertThat(total.p999()).as("seed %d", seed).isBetween(quantile - 1e-6, quantile + 1e-4 + 1e-6);
        assertThat(total.mean())
                .as("seed %d", seed)
                .isCloseTo(Arrays.stream(exact).average().orElseThrow(), within(1e-6));
        assertThat(total.max()).as("seed %d", seed).isCloseTo(exact[count - 1], within(1e-6));
    }
}
