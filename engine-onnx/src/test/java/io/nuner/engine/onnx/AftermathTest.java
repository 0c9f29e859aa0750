package io.nuner.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AftermathTest {
    private static final int MANY = Aftermath.SMALL_RUNS;

    private final Aftermath aftermath = new Aftermath();

    @Test
    void memoryGoesBackOnceWhenManySmallBatchesFollowALargeOne() {
        assertThat(aftermath.endsWith(4096)).isFalse();

        assertThat(returns(100, MANY - 1)).isZero();
        assertThat(aftermath.endsWith(100)).isTrue();
        assertThat(returns(100, 10 * MANY)).isZero();
    }

    @Test
    void largeBatchesThatComeAgainKeepTheirMemory() {
        for (int round = 0; round < 5; round++) {
            assertThat(aftermath.endsWith(2048 + round)).isFalse();
            assertThat(returns(100, MANY - 1)).isZero();
        }
    }

    @Test
    void theNextPeakCountsFromTheSizeAfterTheLast() {
        aftermath.endsWith(4096);
        assertThat(returns(500, MANY)).isEqualTo(1);

        assertThat(returns(200, MANY)).isEqualTo(1);
        assertThat(returns(101, 10 * MANY)).isZero();
    }

    private long returns(int size, int runs) {
        return IntStream.range(0, runs).filter(run -> aftermath.endsWith(size)).count();
    }
}
