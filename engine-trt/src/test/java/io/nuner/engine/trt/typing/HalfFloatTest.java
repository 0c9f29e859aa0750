package io.nuner.engine.trt.typing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rounding, compared with a search among all values of the format, computed from the definition of their bits. */
class HalfFloatTest {
    private static final long SEED = 20_261_125;
    private static final int POSITIVE = 1 << 15;

    @ParameterizedTest
    @EnumSource(HalfType.class)
    void everyNumberOfTheFormatStaysItself(HalfType half) {
        IntStream.range(0, 2 * POSITIVE).forEach(bits -> {
            float value = (float) value(half, bits);
            if (Float.isNaN(value)) {
                assertThat(value(half, half.round(value) & 0xffff)).isNaN();
            } else {
                assertThat(half.round(value)).isEqualTo((short) bits);
            }
        });
    }

    @ParameterizedTest
    @EnumSource(HalfType.class)
    void numbersBetweenTwoRoundToTheNearestAndTiesToEven(HalfType half) {
        double[] values = values(half);
        for (int bits = 0; bits + 1 < values.length; bits++) {
            float middle = (float) ((values[bits] + values[bits + 1]) / 2);
            if (Float.isInfinite(middle)) {
                break; // behind the largest number of bfloat16 there is no float32 between
            }
            for (float value : new float[] {Math.nextDown(middle), middle, Math.nextUp(middle)}) {
                assertThat(half.round(value)).as("%s", value).isEqualTo((short) nearest(values, value));
                assertThat(half.round(-value)).as("-%s", value).isEqualTo((short) (nearest(values, value) | POSITIVE));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(HalfType.class)
    void anyNumberRoundsToTheNearest(HalfType half) {
        double[] values = values(half);
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < 1_000_000; i++) {
            float value = Float.intBitsToFloat(random.nextInt() & Integer.MAX_VALUE);
            if (!Float.isNaN(value)) {
                assertThat(half.round(value)).as("seed %s: %s", SEED, value).isEqualTo((short) nearest(values, value));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(HalfType.class)
    void notANumberStaysNone(HalfType half) {
        for (int bits : new int[] {0x7f800001, 0x7fc00000, 0x7fffffff, 0xff800001, 0xffffffff}) {
            assertThat(value(half, half.round(Float.intBitsToFloat(bits)) & 0xffff))
                    .isNaN();
            assertThat(half.holds(Float.intBitsToFloat(bits))).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(HalfType.class)
    void aFormatHoldsWhatLiesWithinItsLargestNumber(HalfType half) {
        double[] values = values(half);
        float largest = (float) values[values.length - 2];

        assertThat(half.holds(largest)).isTrue();
        assertThat(half.holds(-largest)).isTrue();
        assertThat(half.holds(Math.nextUp(largest))).isFalse();
        assertThat(half.holds(Float.NEGATIVE_INFINITY)).isFalse();
    }

    /** All positive values by their bits, the infinite one last, as if it were the next number. */
    private static double[] values(HalfType half) {
        IntToDoubleFunction value = bits -> value(half, bits);
        double[] values = IntStream.range(0, POSITIVE)
                .mapToDouble(value)
                .filter(each -> !Double.isNaN(each))
                .toArray();
        int last = values.length - 1;
        values[last] = 2 * values[last - 1] - values[last - 2];
        return values;
    }

    private static int nearest(double[] values, float value) {
        if (value >= values[values.length - 1]) {
            return values.length - 1;
        }
        int found = Arrays.binarySearch(values, value);
        if (found >= 0) {
            return found;
        }
        int above = -found - 1;
        double up = values[above] - value;
        double down = value - values[above - 1];
        int even = above % 2 == 0 ? above : above - 1;
        return up == down ? even : up < down ? above : above - 1;
    }

    /** By the definition: sign, exponent, significand. */
    private static double value(HalfType half, int bits) {
        int significandBits = half == HalfType.FP16 ? 10 : 7;
        int bias = half == HalfType.FP16 ? 15 : 127;
        double sign = bits < POSITIVE ? 1 : -1;
        int exponent = (bits & (POSITIVE - 1)) >> significandBits;
        double fraction = (bits & ((1 << significandBits) - 1)) / (double) (1 << significandBits);
        if (exponent == 2 * bias + 1) {
            return fraction == 0 ? sign * Double.POSITIVE_INFINITY : Double.NaN;
        }
        return exponent == 0
                ? sign * fraction * Math.pow(2, 1 - bias)
                : sign * (1 + fraction) * Math.pow(2, exponent - bias);
    }
}
