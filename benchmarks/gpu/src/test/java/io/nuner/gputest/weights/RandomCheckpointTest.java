package io.nuner.gputest.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RandomCheckpointTest {
    private static final double MILLION = 1e6;

    @TempDir
    Path directory;

    @Test
    void theLargeShapeHasTheParametersOfTheRealOne() {
        double parameters = TensorList.of(ModelShape.LARGE).stream()
                        .mapToLong(RandomTensor::size)
                        .sum()
                / MILLION;

        assertThat(parameters).isBetween(440.0, 460.0);
    }

    @Test
    void theSameSeedGivesTheSameFileAndAnotherOneAnother() throws Exception {
        List<RandomTensor> tensors = List.of(
                new RandomTensor("wide", List.of(600, 1000), 1, 0.5), new RandomTensor("bias", List.of(7), 0, 1));
        Path first = directory.resolve("first");
        Path second = directory.resolve("second");
        Path third = directory.resolve("third");

        RandomWeights.write(tensors, 1, first);
        RandomWeights.write(tensors, 1, second);
        RandomWeights.write(tensors, 2, third);

        assertThat(Files.mismatch(first, second)).isEqualTo(-1);
        assertThat(Files.mismatch(first, third)).isGreaterThan(0);
        assertThat(Files.size(first)).isGreaterThan(4 * 600_007);
    }

    @Test
    void valuesHaveTheMeanAndTheDeviationAskedFor() throws Exception {
        Path file = directory.resolve("values");
        RandomWeights.write(List.of(new RandomTensor("x", List.of(100_000), 3, 0.5)), 5, file);

        var values = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        values.position((int) (8 + values.getLong(0)));
        var floats = values.slice().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < floats.limit(); i++) {
            sum += floats.get(i);
            squares += floats.get(i) * (double) floats.get(i);
        }

        double mean = sum / floats.limit();
        assertThat(mean).isCloseTo(3, within(0.01));
        assertThat(Math.sqrt(squares / floats.limit() - mean * mean)).isCloseTo(0.5, within(0.01));
    }
}
