package io.nuner.server.costs;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.engine.EngineCells;
import io.nuner.engine.EngineLimits;
import io.nuner.engine.PackedBatch;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShapeGridTest {
    private static final EngineLimits LIMITS = new EngineLimits(16, 512, 4096, 100);

    @Test
    void aLittleTimeSeesTheWholeRangeInCoarseSteps() {
        List<BatchShape> shapes = new ShapeGrid(LIMITS, EngineCells.ANY, 2048).shapes();

        assertThat(shapes.subList(0, 8))
                .containsExactly(
                        BatchShape.full(1, 16),
                        BatchShape.full(4, 16),
                        BatchShape.full(1, 64),
                        new BatchShape(4, 64, 64 + 3 * 16),
                        BatchShape.full(16, 16),
                        BatchShape.full(4, 64),
                        BatchShape.full(1, 256),
                        BatchShape.full(1, 512));
        assertThat(shapes)
                .doesNotHaveDuplicates()
                .contains(BatchShape.full(2, 32), BatchShape.full(8, 256), BatchShape.full(16, 128));
    }

    @Test
    void memoryIsBoundByPaddedTokensAndByAttention() {
        List<BatchShape> shapes =
                new ShapeGrid(new EngineLimits(64, 4096, 65_536, 100), EngineCells.ANY, 2048).shapes();

        assertThat(shapes).allMatch(shape -> shape.paddedTokens() <= 2048);
        assertThat(shapes).allMatch(shape -> shape.paddedTokens() * shape.longestRow() <= 2048 * 256);
        assertThat(shapes).contains(BatchShape.full(2, 512)).doesNotContain(BatchShape.full(4, 512));
    }

    @Test
    void shapesAreThoseTheEnginePadsTo() {
        EngineCells cells = EngineCells.copyOf(List.of(64, 128, 512), List.of(1, 2, 16));

        List<BatchShape> shapes = new ShapeGrid(LIMITS, cells, 2048).shapes();

        assertThat(shapes).extracting(BatchShape::rows).containsOnly(1, 2, 16);
        assertThat(shapes).extracting(BatchShape::longestRow).containsOnly(64, 128, 512);
    }

    @Test
    void everyShapeIsWithinTheLimitsHoweverTight() {
        for (EngineLimits tight : List.of(
                new EngineLimits(1, 1, 1, 1),
                new EngineLimits(3, 8, 10, 2),
                new EngineLimits(100, 20, 100, 1),
                new EngineLimits(2, 600, 100, 5))) {
            List<BatchShape> shapes = new ShapeGrid(tight, EngineCells.ANY, 2048).shapes();

            assertThat(shapes).isNotEmpty();
            for (BatchShape shape : shapes) {
                tight.check(new SyntheticRows(tight).batch(shape));
            }
        }
    }

    @Test
    void syntheticBatchesHaveTheShapeAskedFor() {
        SyntheticRows rows = new SyntheticRows(LIMITS);
        for (BatchShape shape : new ShapeGrid(LIMITS, EngineCells.ANY, 2048).shapes()) {
            PackedBatch batch = rows.batch(shape);

            assertThat(new BatchShape(batch.rowCount(), batch.longestRow(), batch.tokenCount()))
                    .isEqualTo(shape);
            assertThat(batch.mostLabels()).isEqualTo(5);
            assertThat(batch.rows()).allMatch(row -> row.wordCount() >= 1 && row.tokenId(row.tokenCount() - 1) <= 3);
        }
    }
}
