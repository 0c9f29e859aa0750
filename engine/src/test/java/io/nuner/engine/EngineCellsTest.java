package io.nuner.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class EngineCellsTest {
    private static final EngineCells CELLS = EngineCells.copyOf(List.of(64, 128, 512), List.of(1, 4, 16));

    @Test
    void aBatchIsPaddedToTheNextListedShape() {
        assertThat(CELLS.paddedLength(1)).isEqualTo(64);
        assertThat(CELLS.paddedLength(64)).isEqualTo(64);
        assertThat(CELLS.paddedLength(65)).isEqualTo(128);
        assertThat(CELLS.paddedRows(1)).isEqualTo(1);
        assertThat(CELLS.paddedRows(2)).isEqualTo(4);
        assertThat(CELLS.paddedRows(16)).isEqualTo(16);
    }

    @Test
    void whatIsBeyondTheListStaysAsItIs() {
        assertThat(CELLS.paddedLength(513)).isEqualTo(513);
        assertThat(CELLS.paddedRows(17)).isEqualTo(17);
        assertThat(EngineCells.ANY.paddedLength(77)).isEqualTo(77);
        assertThat(EngineCells.ANY.paddedRows(3)).isEqualTo(3);
    }

    @Test
    void cellsCoverLimitsUpToTheirLargestShape() {
        assertThat(CELLS.cover(new EngineLimits(16, 512, 4096, 8))).isTrue();
        assertThat(CELLS.cover(new EngineLimits(17, 512, 4096, 8))).isFalse();
        assertThat(CELLS.cover(new EngineLimits(16, 513, 4096, 8))).isFalse();
        assertThat(EngineCells.ANY.cover(new EngineLimits(1000, 10_000, 10_000, 8)))
                .isTrue();
    }

    @Test
    void listsMustAscend() {
        assertThatThrownBy(() -> EngineCells.copyOf(List.of(64, 64), List.of()))
                .hasMessage("rowLengths must ascend from 1 or more, but was [64, 64]");
        assertThatThrownBy(() -> EngineCells.copyOf(List.of(), List.of(0, 1)))
                .hasMessage("rowCounts must ascend from 1 or more, but was [0, 1]");
    }

    @Test
    void equalListsAreEqualCells() {
        assertThat(EngineCells.copyOf(CELLS.rowLengths(), CELLS.rowCounts()))
                .isEqualTo(CELLS)
                .hasSameHashCodeAs(CELLS)
                .isNotEqualTo(EngineCells.ANY);
    }
}
