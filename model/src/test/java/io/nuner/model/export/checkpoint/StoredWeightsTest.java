package io.nuner.model.export.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nuner.model.ModelException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weights stored small come back as the numbers they stand for. */
class StoredWeightsTest {
    private static final long SEED = 20_261_122;

    @TempDir
    private Path directory;

    private final SafetensorsFile file = new SafetensorsFile();

    @Test
    void bytesTimesTheFactorOfTheirRow() throws IOException, ModelException {
        byte[] values = {-128, -1, 0, 1, 127, 2};
        file.bytes("m", List.of(2, 3), values).floats("m.scale", List.of(2), 0.5f, -3f);

        try (Checkpoint checkpoint = open()) {
            assertThat(checkpoint.names()).containsExactly("m");
            assertThat(checkpoint.tensor("m").shape()).containsExactly(2, 3);
            assertThat(checkpoint.tensor("m").readAll()).containsExactly(-64f, -0.5f, 0f, -3f, -381f, -6f);
        }
    }

    /** Rows quantised as the exporting side does, read back whole and in pieces that begin and end anywhere. */
    @Test
    void quantisedRowsComeBackWithinHalfAStep() throws IOException, ModelException {
        Random random = new Random(SEED);
        for (int round = 0; round < 200; round++) {
            int rows = 1 + random.nextInt(9);
            int columns = 1 + random.nextInt(17);
            float[] weights = new float[rows * columns];
            float[] factors = new float[rows];
            byte[] stored = quantise(random, weights, factors);
            new SafetensorsFile()
                    .bytes("m", List.of(rows, columns), stored)
                    .floats("m.scale", List.of(rows), factors)
                    .writeTo(directory);

            try (Checkpoint checkpoint = Checkpoint.open(directory)) {
                checkRound("seed " + SEED + ", round " + round, checkpoint.tensor("m"), weights, factors);
                checkPieces(random, checkpoint.tensor("m"));
            }
        }
    }

    /** Every number of 16 bits but the not-a-numbers, against the definition of the format. */
    @Test
    void halfPrecisionIsExact() throws IOException, ModelException {
        short[] bits = new short[1 << 16];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = (short) i;
        }
        file.halves("h", List.of(bits.length), bits);

        try (Checkpoint checkpoint = open()) {
            float[] values = checkpoint.tensor("h").readAll();
            for (int i = 0; i < bits.length; i++) {
                if ((i & 0x7c00) != 0x7c00) {
                    assertThat((double) values[i]).as("bits %x", i).isEqualTo(half(i));
                }
            }
        }
    }

    @Test
    void bytesWithoutUsableFactorsAreRefused() throws IOException, ModelException {
        List<Integer> two = List.of(2);
        List<Integer> matrix = List.of(2, 1);
        file.bytes("none", matrix, (byte) 1, (byte) 2)
                .bytes("short", matrix, (byte) 1, (byte) 2)
                .floats("short.scale", List.of(1), 1f)
                .bytes("half", matrix, (byte) 1, (byte) 2)
                .halves("half.scale", two, (short) 0x3c00, (short) 0x3c00)
                .bytes("endless", matrix, (byte) 1, (byte) 2)
                .floats("endless.scale", two, 1f, Float.POSITIVE_INFINITY)
                .bytes("vector", two, (byte) 1, (byte) 2)
                .floats("vector.scale", two, 1f, 1f);

        try (Checkpoint checkpoint = open()) {
            assertRefused(checkpoint, "none", "tensor none.scale is missing, the factors of the rows of none");
            assertRefused(checkpoint, "short", "tensor short.scale holds F32 of shape [1], expected F32 of shape [2]");
            assertRefused(checkpoint, "half", "tensor half.scale holds F16 of shape [2], expected F32 of shape [2]");
            assertRefused(checkpoint, "endless", "tensor endless.scale holds Infinity at 1, expected finite factors");
            assertRefused(checkpoint, "vector", "tensor vector holds I8 and has the shape [2], only matrices may");
        }
    }

    @Test
    void factorsWithoutTheirBytesAreRefused() throws IOException {
        file.floats("m.scale", List.of(1), 1f).writeTo(directory);
        assertThatThrownBy(() -> Checkpoint.open(directory).close())
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("tensor m is missing, but there is m.scale");

        file.floats("m", List.of(1, 1), 1f).writeTo(directory);
        assertThatThrownBy(() -> Checkpoint.open(directory).close())
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("tensor m.scale has factors for m, which holds F32, not I8");
    }

    private Checkpoint open() throws IOException, ModelException {
        file.writeTo(directory);
        return Checkpoint.open(directory);
    }

    private static byte[] quantise(Random random, float[] weights, float[] factors) {
        int columns = weights.length / factors.length;
        byte[] stored = new byte[weights.length];
        for (int row = 0; row < factors.length; row++) {
            float largest = Float.MIN_NORMAL;
            for (int i = row * columns; i < (row + 1) * columns; i++) {
                weights[i] = (float) random.nextGaussian();
                largest = Math.max(largest, Math.abs(weights[i]));
            }
            factors[row] = largest / 127;
        }
        for (int i = 0; i < stored.length; i++) {
            stored[i] = (byte) Math.round(weights[i] / factors[i / columns]);
        }
        return stored;
    }

    private static void checkRound(String name, StoredTensor tensor, float[] weights, float[] factors) {
        float[] read = tensor.readAll();
        int columns = weights.length / factors.length;
        for (int i = 0; i < weights.length; i++) {
            float halfStep = factors[i / columns] * 0.5001f;
            assertThat(Math.abs(read[i] - weights[i]))
                    .as("%s, value %d", name, i)
                    .isLessThanOrEqualTo(halfStep);
        }
    }

    private static void checkPieces(Random random, StoredTensor tensor) {
        float[] all = tensor.readAll();
        for (int piece = 0; piece < 10; piece++) {
            int from = random.nextInt(all.length);
            float[] some = new float[random.nextInt(all.length - from + 1)];
            tensor.read(from, some, some.length);
            for (int i = 0; i < some.length; i++) {
                assertThat(some[i])
                        .as("seed %d, from %d, value %d", SEED, from, i)
                        .isEqualTo(all[from + i]);
            }
        }
    }

    private static double half(int bits) {
        int exponent = bits >> 10 & 0x1f;
        double fraction = (bits & 0x3ff) / 1024.0;
        double magnitude = exponent == 0 ? Math.scalb(fraction, -14) : Math.scalb(1 + fraction, exponent - 15);
        return (bits & 0x8000) == 0 ? magnitude : -magnitude;
    }

    private static void assertRefused(Checkpoint checkpoint, String name, String reason) {
        assertThatThrownBy(() -> checkpoint.tensor(name))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining(reason);
    }
}
