package io.nuner.model.export.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutlierColumnsTest {
    private static final long SEED = 20_261_130;

    private final SplittableRandom random = new SplittableRandom(SEED);

    @Test
    void inputsMuchLargerThanTheMedianAreOutliers() {
        float[] magnitudes = ones(64);
        magnitudes[40] = 3.01f;
        magnitudes[7] = 60;
        magnitudes[8] = 3;

        assertThat(OutlierColumns.of(magnitudes).indices()).containsExactly(7, 40);
    }

    @Test
    void inputsOfLikeSizeHaveNone() {
        float[] magnitudes = new float[384];
        for (int i = 0; i < magnitudes.length; i++) {
            magnitudes[i] = (float) random.nextDouble(1, 3);
        }

        assertThat(OutlierColumns.of(magnitudes).count()).isZero();
        assertThat(OutlierColumns.of(new float[384]).count()).isZero();
        assertThat(OutlierColumns.of(new float[0]).count()).isZero();
        assertThat(OutlierColumns.none(384).others()).containsOnly(1);
    }

    @Test
    void ofTooManyTheLargestAreTaken() {
        float[] magnitudes = ones(64);
        for (int i = 0; i < 20; i++) {
            magnitudes[3 * i] = 10 + i;
        }

        assertThat(OutlierColumns.of(magnitudes).indices()).containsExactly(48, 51, 54, 57);
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, -1})
    void aMagnitudeIsAFiniteNumberFromZeroOn(float magnitude) {
        float[] magnitudes = ones(20);
        magnitudes[5] = magnitude;

        assertThatThrownBy(() -> OutlierColumns.of(magnitudes))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("input 5");
    }

    @Test
    void theTwoPartsOfARowAreTheRow() {
        for (int round = 0; round < 200; round++) {
            float[] row = values(16 + random.nextInt(200));
            OutlierColumns outliers = OutlierColumns.of(withOutliers(ones(row.length)));
            float[] rest = row.clone();
            outliers.clear(rest);
            float[] taken = new float[outliers.count() + 1];
            outliers.copy(row, taken, 1);

            float[] sum = rest.clone();
            int[] indices = outliers.indices();
            for (int i = 0; i < indices.length; i++) {
                assertThat(rest[indices[i]]).isZero();
                sum[indices[i]] += taken[1 + i];
            }
            assertThat(sum).as("seed %d round %d", SEED, round).isEqualTo(row);
            float[] others = outliers.others();
            assertThat(IntStream.range(0, row.length).filter(i -> others[i] == 0))
                    .containsExactly(Arrays.stream(indices).boxed().toArray(Integer[]::new));
        }
    }

    @Test
    void bytesAreClearedAtTheSamePlaces() {
        float[] magnitudes = ones(32);
        magnitudes[9] = 50;
        byte[] row = new byte[32];
        Arrays.fill(row, (byte) -7);
        OutlierColumns.of(magnitudes).clear(row);

        assertThat(row[9]).isZero();
        assertThat(IntStream.range(0, 32).filter(i -> row[i] == -7)).hasSize(31);
    }

    /** What the class is for: an outlier no longer takes the steps of the other inputs. */
    @Test
    void aRowWithOutliersIsRoundedAsExactlyAsOneWithout() {
        float[] row = values(384);
        float[] planted = row.clone();
        planted[17] = 100;
        planted[201] = -60;
        OutlierColumns outliers = OutlierColumns.of(magnitudes(planted));
        float[] rest = planted.clone();
        outliers.clear(rest);

        assertThat(outliers.indices()).containsExactly(17, 201);
        assertThat(step(rest)).isLessThanOrEqualTo(step(row));
        assertThat(step(planted)).isGreaterThan(90 * step(row));
    }

    /** What bytes tell apart: a row's largest magnitude over 127. */
    private static double step(float[] row) {
        return IntStream.range(0, row.length)
                        .mapToDouble(i -> Math.abs(row[i]))
                        .max()
                        .orElseThrow()
                / 127;
    }

    private float[] withOutliers(float[] magnitudes) {
        magnitudes[random.nextInt(magnitudes.length)] = 20;
        magnitudes[random.nextInt(magnitudes.length)] = 90;
        return magnitudes;
    }

    private float[] values(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextDouble(-1, 1);
        }
        return values;
    }

    private static float[] magnitudes(float[] row) {
        float[] magnitudes = new float[row.length];
        for (int i = 0; i < row.length; i++) {
            magnitudes[i] = Math.abs(row[i]);
        }
        return magnitudes;
    }

    private static float[] ones(int count) {
        float[] ones = new float[count];
        Arrays.fill(ones, 1);
        return ones;
    }
}
