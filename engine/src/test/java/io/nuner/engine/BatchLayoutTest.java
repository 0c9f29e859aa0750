package io.nuner.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.IntBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchLayoutTest {
    // one label; three words, the middle one without a token
    private static final TokenRow FIRST =
            TokenRow.copyOf(new int[] {1, 50, 7, 8, 2}, new int[] {2, TokenRow.NO_TOKEN, 3}, new int[] {1});
    // two labels; one word
    private static final TokenRow SECOND =
            TokenRow.copyOf(new int[] {1, 50, 51, 50, 9, 10, 2}, new int[] {4}, new int[] {1, 3});

    private final BatchLayout layout = BatchLayout.of(PackedBatch.of(List.of(FIRST, SECOND)));

    @Test
    void tokensOfAllRowsLieOneAfterTheOther() {
        assertThat(values(BatchTensor.TOKEN_IDS)).containsExactly(1, 50, 7, 8, 2, 1, 50, 51, 50, 9, 10, 2);
        assertThat(values(BatchTensor.ROW_LENGTHS)).containsExactly(5, 7);
    }

    @Test
    void paddingAndUnpaddingAreInverse() {
        assertThat(values(BatchTensor.PAD_INDEX)).containsExactly(0, 1, 2, 3, 4, 0, 0, 5, 6, 7, 8, 9, 10, 11);
        assertThat(values(BatchTensor.UNPAD_INDEX)).containsExactly(0, 1, 2, 3, 4, 7, 8, 9, 10, 11, 12, 13);
        assertThat(layout.shape(BatchTensor.PAD_INDEX)).containsExactly(2, 7);
    }

    @Test
    void theHeadNeedsLabelMarkersAndFirstTokens() {
        assertThat(layout.neededTokens()).isEqualTo(6);
        assertThat(values(BatchTensor.NEEDED_TOKENS)).containsExactly(1, 2, 3, 6, 8, 9);
        assertThat(values(BatchTensor.LABEL_INDEX)).containsExactly(0, 0, 3, 4);
    }

    @Test
    void aWordWithoutATokenPointsBehindTheLastHiddenState() {
        assertThat(values(BatchTensor.WORD_INDEX)).containsExactly(1, 6, 2, 5);
    }

    @Test
    void wordsArePaddedByRowAndUnpaddedByTime() {
        assertThat(values(BatchTensor.WORD_PAD_INDEX)).containsExactly(0, 1, 2, 3, 0, 0);
        assertThat(values(BatchTensor.WORD_UNPAD_INDEX)).containsExactly(0, 2, 4, 1);
        assertThat(values(BatchTensor.WORDS_LEFT)).containsExactly(2, 1, 0, 0);
        assertThat(values(BatchTensor.WORD_COUNTS)).containsExactly(3, 1);
    }

    @Test
    void aWordAloneIsPaddedToo() {
        BatchLayout alone = BatchLayout.of(PackedBatch.of(List.of(SECOND)));

        assertThat(alone.shape(BatchTensor.WORD_PAD_INDEX)).containsExactly(1, 2);
        assertThat(values(alone, BatchTensor.WORD_PAD_INDEX)).containsExactly(0, 0);
        assertThat(values(alone, BatchTensor.WORD_UNPAD_INDEX)).containsExactly(0);
        assertThat(values(alone, BatchTensor.WORD_COUNTS)).containsExactly(1);
        assertThat(alone.logitsShape(3)).containsExactly(1, 2, 3, 2);
    }

    @Test
    void rowsMayBePaddedFurtherThanTheLongest() {
        BatchLayout wider = layout.filledUp(new EncoderSize(2, 8, 12, 6));

        assertThat(values(wider, BatchTensor.UNPAD_INDEX)).containsExactly(0, 1, 2, 3, 4, 8, 9, 10, 11, 12, 13, 14);
        assertThat(values(wider, BatchTensor.PAD_INDEX))
                .containsExactly(0, 1, 2, 3, 4, 0, 0, 0, 5, 6, 7, 8, 9, 10, 11, 0);
    }

    @Test
    void whatFillsUpPointsAtTheFirstTokenAndTheHeadDoesNotSeeIt() {
        BatchLayout larger = layout.filledUp(new EncoderSize(3, 7, 14, 8));

        assertThat(values(larger, BatchTensor.TOKEN_IDS)).endsWith(10, 2, 0, 0).hasSize(14);
        assertThat(values(larger, BatchTensor.PAD_INDEX))
                .endsWith(11, 0, 0, 0, 0, 0, 0, 0)
                .hasSize(21);
        assertThat(values(larger, BatchTensor.UNPAD_INDEX)).endsWith(13, 0, 0).hasSize(14);
        assertThat(values(larger, BatchTensor.ROW_LENGTHS)).containsExactly(5, 7, 1);
        assertThat(values(larger, BatchTensor.NEEDED_TOKENS)).containsExactly(1, 2, 3, 6, 8, 9, 0, 0);
        for (BatchTensor tensor : BatchTensor.values()) {
            if (!tensor.isEncoderInput()) {
                assertThat(values(larger, tensor)).as("%s", tensor).isEqualTo(values(tensor));
            }
        }
    }

    @Test
    void nothingIsCutOffToFit() {
        for (EncoderSize tooSmall : List.of(
                new EncoderSize(1, 7, 12, 6),
                new EncoderSize(2, 6, 12, 6),
                new EncoderSize(2, 7, 11, 6),
                new EncoderSize(2, 7, 12, 5))) {
            assertThatThrownBy(() -> layout.filledUp(tooSmall))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("does not fit");
        }
    }

    private int[] values(BatchTensor tensor) {
        return values(layout, tensor);
    }

    private static int[] values(BatchLayout layout, BatchTensor tensor) {
        IntBuffer target = IntBuffer.allocate(layout.size(tensor));
        layout.write(tensor, target);
        assertThat(target.hasRemaining()).isFalse();
        return target.array();
    }
}
