package io.nuner.engine.trt.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.engine.BatchLayout;
import io.nuner.engine.BatchTensor;
import io.nuner.engine.EngineLimits;
import io.nuner.engine.PackedBatch;
import io.nuner.engine.TokenRow;
import io.nuner.engine.testing.RandomRows;
import io.nuner.engine.trt.profile.ProfileSet;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BufferSizesTest {
    private static final EngineLimits LIMITS = new EngineLimits(32, 512, 2048, 6);
    private static final CaptureSizes CAPTURE = new CaptureSizes(CaptureSizes.DEFAULT_MAX_TOKENS);
    private static final ModelSizes MODEL = new ModelSizes(64, 3);
    private static final long SEED = 21;

    private final ProfileSet profiles = ProfileSet.of(List.of(16, 64, 128, 512), LIMITS);
    private final BufferSizes sizes = BufferSizes.of(profiles, MODEL);

    @Test
    void everyBatchThatHasARouteFitsTheBuffers() {
        SplittableRandom random = new SplittableRandom(SEED);
        RandomRows rows = new RandomRows(SEED, 1000);
        for (int i = 0; i < 3000; i++) {
            PackedBatch batch = admitted(rows, 1 + random.nextInt(32), 1 + random.nextInt(480));
            BatchLayout layout = BatchLayout.of(batch);
            Route route = Route.of(layout, profiles).orElseThrow();
            BatchLayout filled = layout.filledUp(
                    CAPTURE.of(layout.encoderSize(), profiles.all().get(route.encoder()))
                            .orElse(layout.encoderSize()));

            long logits = Float.BYTES;
            for (long size : layout.logitsShape(MODEL.maxWidth())) {
                logits *= size;
            }
            assertThat(new InputPlacement(filled).bytes())
                    .as("%d, seed %d", i, SEED)
                    .isLessThanOrEqualTo(sizes.inputs());
            assertThat(logits).as("%d, seed %d", i, SEED).isLessThanOrEqualTo(sizes.logits());
            assertThat(filled.encoderSize().needed() * 64L * Float.BYTES).isLessThanOrEqualTo(sizes.hiddenStates());
        }
    }

    @Test
    void tensorsAreAlignedAndDoNotOverlapAndTheEncodersComeFirst() {
        BatchLayout layout = BatchLayout.of(admitted(new RandomRows(SEED, 1000), 7, 50));
        InputPlacement placement = new InputPlacement(layout);
        ByteBuffer buffer = ByteBuffer.allocateDirect((int) sizes.inputs());
        placement.write(buffer);

        for (BatchTensor tensor : BatchTensor.values()) {
            int size = layout.size(tensor);
            IntBuffer expected = IntBuffer.allocate(size);
            layout.write(tensor, expected);
            int[] found = new int[size];
            buffer.slice((int) placement.offset(tensor), size * Integer.BYTES)
                    .order(ByteOrder.nativeOrder())
                    .asIntBuffer()
                    .get(found);
            assertThat(placement.offset(tensor) % BufferSizes.ALIGNMENT_BYTES)
                    .as("%s", tensor)
                    .isZero();
            assertThat(found).as("%s", tensor).isEqualTo(expected.array());
        }
        assertThat(placement.offset(BatchTensor.NEEDED_TOKENS)).isLessThan(placement.offset(BatchTensor.WORD_INDEX));
    }

    @Test
    void placesOfTheEncodersTensorsDependOnItsSizesAlone() {
        RandomRows rows = new RandomRows(SEED, 1000);
        BatchLayout one = BatchLayout.of(PackedBatch.of(List.of(rows.row(1, 20))));
        BatchLayout other = BatchLayout.of(PackedBatch.of(List.of(rows.row(3, 22))));
        var size = CAPTURE.of(other.encoderSize(), profiles.all().get(1)).orElseThrow();
        InputPlacement first = new InputPlacement(one.filledUp(size));
        InputPlacement second = new InputPlacement(other.filledUp(size));

        for (BatchTensor tensor : BatchTensor.values()) {
            if (tensor.isEncoderInput()) {
                assertThat(first.offset(tensor)).isEqualTo(second.offset(tensor));
            }
        }
    }

    private static PackedBatch admitted(RandomRows random, int most, int words) {
        List<TokenRow> rows = new ArrayList<>();
        int longest = 0;
        for (TokenRow row : random.rows(most, words)) {
            if (LIMITS.admits(rows.size(), longest, row.tokenCount())) {
                rows.add(row);
                longest = Math.max(longest, row.tokenCount());
            }
        }
        return PackedBatch.of(rows);
    }
}
