package io.nuner.engine.trt.execution;

import io.nuner.engine.BatchLayout;
import io.nuner.engine.EncoderSize;
import io.nuner.engine.PackedBatch;
import io.nuner.engine.trt.profile.ProfileSet;
import java.util.Optional;

/**
 * The profiles in which a batch runs: the encoder's by its longest row, the head's by its longest text.
 *
 * @param encoder number of the encoder's profile
 * @param head number of the head's profile
 */
record Route(int encoder, int head) {
    /** The first profiles that hold the batch, or nothing if it has to be split. */
    static Optional<Route> of(BatchLayout layout, ProfileSet profiles) {
        Optional<Integer> encoder = profiles.profileFor(layout.encoderSize());
        Optional<Integer> head = profiles.profileFor(headSize(layout));
        return encoder.isPresent() && head.isPresent()
                ? Optional.of(new Route(encoder.get(), head.get()))
                : Optional.empty();
    }

    /** Words may be more than tokens: some have none. Both the words and their padded view must fit. */
    private static EncoderSize headSize(BatchLayout layout) {
        PackedBatch batch = layout.batch();
        int padded = Math.multiplyExact(batch.rowCount(), batch.mostWords());
        return new EncoderSize(batch.rowCount(), batch.mostWords(), padded, layout.neededTokens());
    }
}
