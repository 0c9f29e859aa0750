package io.nuner.model.export.graph;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RelativePositionsTest {
    private final RelativePositions positions = new RelativePositions(256, 512);

    /** First distance of some buckets, computed with transformers 4.57.6. */
    @ParameterizedTest
    @CsvSource({
        "0, 0", "128, 128", "131, 131", "133, 132", "134, 133", "136, 134", "150, 143", "201, 170", "255, 192",
        "300, 207", "397, 232", "398, 233", "449, 244", "500, 254", "505, 254", "506, 255", "511, 255", "512, 256"
    })
    void distancesFallIntoTheBucketsOfTheReference(int distance, int bucket) {
        assertThat(positions.bucket(distance)).isEqualTo(bucket);
        assertThat(positions.bucket(-distance)).isEqualTo(-bucket);
    }

    @Test
    void everyDistanceHasARowAndFarOnesShareTheLast() {
        assertThat(positions.table()).hasSize(1025).isSorted();
        assertThat(positions.row(-512)).isZero();
        assertThat(positions.row(-100_000)).isZero();
        assertThat(positions.row(0)).isEqualTo(256);
        assertThat(positions.row(512)).isEqualTo(511);
        assertThat(positions.row(100_000)).isEqualTo(511);
    }
}
