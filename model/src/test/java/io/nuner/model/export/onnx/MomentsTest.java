package io.nuner.model.export.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class MomentsTest {
    private static final long SEED = 20_261_130;
    private static final int INPUTS = 64;
    private static final int OUTPUTS = 96;

    private final Random random = new Random(SEED);

    @Test
    void aNormsBiasIsTheMeanAndItsGainTheDeviation() {
        Moments moments = Moments.ofNorm(new float[] {2, -1, 0}, new float[] {1, -3, 0});

        assertThat(moments.magnitudes()).containsExactly(9, 7, 0);
        assertThat(moments.rectifiedMagnitudes()).containsExactly(9, 1, 0);
    }

    /** Four deviations are exceeded by one value of 15,000: the largest of 2,000 comes near and hardly beyond. */
    @Test
    void magnitudesBehindALinearLayerAreThoseOfRandomInputs() {
        float[] gain = values(INPUTS, 1);
        float[] bias = values(INPUTS, 0.5);
        float[] weight = values(OUTPUTS * INPUTS, 0.1);
        float[] added = values(OUTPUTS, 0.1);
        double[] largest = new double[OUTPUTS];
        for (int round = 0; round < 2000; round++) {
            double[] input = new double[INPUTS];
            for (int i = 0; i < INPUTS; i++) {
                input[i] = gain[i] * random.nextGaussian() + bias[i];
            }
            for (int output = 0; output < OUTPUTS; output++) {
                double sum = added[output];
                for (int i = 0; i < INPUTS; i++) {
                    sum += weight[output * INPUTS + i] * input[i];
                }
                largest[output] = Math.max(largest[output], Math.abs(sum));
            }
        }

        float[] expected = Moments.ofNorm(gain, bias).through(weight, added).magnitudes();
        for (int output = 0; output < OUTPUTS; output++) {
            assertThat((double) expected[output])
                    .as("seed %d output %d", SEED, output)
                    .isCloseTo(largest[output], within(0.4 * largest[output]));
        }
    }

    @Test
    void aNormsOutlierIsFoundBehindItAndARowsBehindTheNextLayer() {
        float[] gain = values(INPUTS, 0.1);
        for (int i = 0; i < INPUTS; i++) {
            gain[i] += 1;
        }
        float[] bias = new float[INPUTS];
        bias[7] = -60;
        gain[40] = 30;
        Moments norm = Moments.ofNorm(gain, bias);
        float[] weight = values(OUTPUTS * INPUTS, 0.1);
        for (int i = 0; i < INPUTS; i++) {
            weight[50 * INPUTS + i] *= 60;
        }

        assertThat(OutlierColumns.of(norm.magnitudes()).indices()).containsExactly(7, 40);
        assertThat(OutlierColumns.of(norm.through(weight, new float[OUTPUTS]).magnitudes())
                        .indices())
                .contains(50);
    }

    @Test
    void sizesMustFit() {
        Moments moments = Moments.ofNorm(new float[3], new float[3]);

        assertThatThrownBy(() -> moments.through(new float[5], new float[2]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("5 weights for 2 outputs of 3 inputs");
    }

    private float[] values(int count, double deviation) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (deviation * random.nextGaussian());
        }
        return values;
    }
}
