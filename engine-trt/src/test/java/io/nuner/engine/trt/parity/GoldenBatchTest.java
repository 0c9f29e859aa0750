package io.nuner.engine.trt.parity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nuner.engine.EngineException;
import io.nuner.engine.RowLogits;
import io.nuner.engine.TokenRow;
import io.nuner.engine.testing.RandomRows;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GoldenBatchTest {
    private static final int MAX_WIDTH = 3;

    @TempDir
    private Path directory;

    private final Random random = new Random(7);
    private final GoldenBatch batch = batch();

    @Test
    void whatIsWrittenIsRead() throws Exception {
        GoldenBatch read = GoldenBatch.read(ByteBuffer.wrap(written()));

        assertThat(read.reference()).isEqualTo("onnx 1.29.0");
        assertThat(read.rows()).isEqualTo(batch.rows());
        for (int row = 0; row < batch.rows().size(); row++) {
            assertThat(scores(read.answers().get(row)))
                    .isEqualTo(scores(batch.answers().get(row)));
        }
    }

    @Test
    void anExistingFileIsNotOverwritten() throws Exception {
        written();

        assertThatThrownBy(this::written).isInstanceOf(EngineException.class).hasMessageContaining("golden.bin");
    }

    @Test
    void aFileCutShortWithinARowIsRefused() throws Exception {
        byte[] content = written();
        int refused = 0;
        for (int length = 0; length < content.length; length++) {
            ByteBuffer cut = ByteBuffer.wrap(content, 0, length).slice();
            try {
                assertThat(GoldenBatch.read(cut).rows())
                        .hasSizeLessThan(batch.rows().size());
            } catch (EngineException e) {
                refused++;
            }
        }
        assertThat(content.length - refused).isEqualTo(batch.rows().size() - 1);
    }

    @Test
    void aFileOfAnotherKindIsRefused() throws Exception {
        byte[] content = written();

        refused(ByteBuffer.allocate(0), "reference");
        refused(ByteBuffer.wrap(new byte[] {'N', 'G', 'O', 'L', 0, 0, 0, 1}), "cannot be read");
        refused(ByteBuffer.allocate(content.length + 1).put(content).rewind(), "cannot be read");
    }

    /** Random damage is answered by this exception or goes unnoticed, and allocates nothing absurd; SHA-256 notices all. */
    @Test
    void aDamagedFileEndsInNoOtherExceptionAndNoHugeArray() throws Exception {
        byte[] content = written();
        for (int round = 0; round < 20_000; round++) {
            byte[] damaged = content.clone();
            int at = random.nextInt(content.length - 4);
            ByteBuffer.wrap(damaged).putInt(at, random.nextInt());
            try {
                GoldenBatch.read(ByteBuffer.wrap(damaged));
            } catch (EngineException e) {
                assertThat(e).hasMessageStartingWith("the reference's answers");
            }
        }
    }

    @Test
    void aBatchWithoutRowsOrWithAMissingAnswerCannotBe() {
        assertThatThrownBy(() -> new GoldenBatch("onnx", List.of(), List.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() ->
                        new GoldenBatch("onnx", batch.rows(), batch.answers().subList(1, 5)))
                .hasMessage("5 rows, but 4 answers");
    }

    private static void refused(ByteBuffer content, String problem) {
        assertThatThrownBy(() -> GoldenBatch.read(content))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining(problem);
    }

    private byte[] written() throws Exception {
        Path file = directory.resolve("golden.bin");
        batch.write(file);
        return Files.readAllBytes(file);
    }

    private GoldenBatch batch() {
        List<TokenRow> rows = new RandomRows(3, 100).rows(5, 6);
        List<RowLogits> answers = new ArrayList<>();
        for (TokenRow row : rows) {
            float[] scores = new float[row.wordCount() * MAX_WIDTH * row.labelCount()];
            for (int score = 0; score < scores.length; score++) {
                scores[score] = random.nextFloat() * 8 - 4;
            }
            answers.add(RowLogits.wrap(row.wordCount(), MAX_WIDTH, row.labelCount(), scores));
        }
        return new GoldenBatch("onnx 1.29.0", rows, answers);
    }

    private static List<Float> scores(RowLogits logits) {
        List<Float> scores = new ArrayList<>();
        for (int score = 0; score < logits.words() * logits.maxWidth() * logits.labels(); score++) {
            scores.add(logits.at(0, 0, score));
        }
        return scores;
    }
}
