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
    void rowsMayBePaddedFurtherThanTheLongest() {
        PackedBatch batch = PackedBatch.of(List.of(FIRST, SECOND));
        IntBuffer unpad = IntBuffer.allocate(12);
        BatchLayout.padded(batch, 8).write(BatchTensor.UNPAD_INDEX, unpad);

        assertThat(unpad.array()).containsExactly(0, 1, 2, 3, 4, 8, 9, 10, 11, 12, 13, 14);
        assertThatThrownBy(() -> BatchLayout.padded(batch, 6)).isInstanceOf(IllegalArgumentException.class);
    }

    private int[] values(BatchTensor tensor) {
        IntBuffer target = IntBuffer.allocate(layout.size(tensor));
        layout.write(tensor, target);
        assertThat(target.hasRemaining()).isFalse();
        return target.array();
    }
}
