package io.nuner.model.export.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RowRoundingTest {
    private static final long SEED = 20_261_130;

    @Test
    void everyValueIsTheNearestMultipleOfTheFactor() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int round = 0; round < 1000; round++) {
            float[] row = new float[1 + random.nextInt(50)];
            double size = Math.pow(10, random.nextInt(60) - 30);
            float largest = 0;
            for (int i = 0; i < row.length; i++) {
                row[i] = (float) ((random.nextDouble() - 0.5) * size);
                largest = Math.max(largest, Math.abs(row[i]));
            }
            byte[] bytes = new byte[row.length];
            float factor = RowRounding.round(row, bytes);

            assertThat(factor).as("seed %d round %d", SEED, round).isEqualTo(largest / 127);
            for (int i = 0; i < row.length; i++) {
                assertThat(Math.abs(bytes[i] * (double) factor - row[i]))
                        .as("seed %d round %d value %d", SEED, round, i)
                        .isLessThanOrEqualTo(0.5001 * factor);
                assertThat(bytes[i]).isGreaterThanOrEqualTo((byte) -127);
            }
        }
    }

    @Test
    void whatTheCheckpointRoundedIsFoundAgain() {
        byte[] bytes = {-127, 3, 0, 126};
        float[] row = new float[bytes.length];
        for (int i = 0; i < row.length; i++) {
            row[i] = bytes[i] * 0.0173f;
        }
        byte[] found = new byte[bytes.length];
        RowRounding.round(row, found);

        assertThat(found).isEqualTo(bytes);
    }

    @Test
    void zerosStayZeros() {
        byte[] bytes = {1, 1};

        assertThat(RowRounding.round(new float[] {0, -0f}, bytes)).isEqualTo(1);
        assertThat(bytes).containsOnly(0);
        assertThat(RowRounding.round(new float[] {Float.MIN_VALUE, 0}, bytes)).isEqualTo(1);
        assertThat(bytes).containsOnly(0);
    }

    @Test
    void productsWithAValueThatIsNotFiniteAreNotFinite() {
        for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            assertThat(RowRounding.round(new float[] {1, value}, new byte[2])).isNaN();
        }
    }
}
