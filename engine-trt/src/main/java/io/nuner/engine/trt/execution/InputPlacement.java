package io.nuner.engine.trt.execution;

import io.nuner.engine.BatchLayout;
import io.nuner.engine.BatchTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.EnumMap;
import java.util.Map;

/**
 * Where the whole-number tensors of a batch lie in the input buffer: one after the other, so that one copy takes all.
 * Immutable.
 *
 * <p>Tensors of the encoder come first, so that their places depend on the encoder's sizes alone and a captured encoder
 * finds them again.
 */
final class InputPlacement {
    private final Map<BatchTensor, Long> offsets = new EnumMap<>(BatchTensor.class);
    private final BatchLayout layout;
    private final long bytes;

    InputPlacement(BatchLayout layout) {
        this.layout = layout;
        bytes = place(false, place(true, 0));
    }

    private long place(boolean encoder, long from) {
        long offset = from;
        for (BatchTensor tensor : BatchTensor.values()) {
            if (tensor.isEncoderInput() == encoder) {
                offsets.put(tensor, offset);
                offset = BufferSizes.aligned(offset + (long) layout.size(tensor) * Integer.BYTES);
            }
        }
        return offset;
    }

    /** The batch that is placed. */
    BatchLayout layout() {
        return layout;
    }

    /** Where a tensor starts. */
    long offset(BatchTensor tensor) {
        Long offset = offsets.get(tensor);
        if (offset == null) {
            throw new IllegalStateException("every tensor is placed");
        }
        return offset;
    }

    /** What is to be copied, from the start of the buffer. */
    long bytes() {
        return bytes;
    }

    /** Writes every tensor to its place. */
    void write(ByteBuffer buffer) {
        for (BatchTensor tensor : BatchTensor.values()) {
            int size = layout.size(tensor) * Integer.BYTES;
            ByteBuffer place =
                    buffer.slice(Math.toIntExact(offset(tensor)), size).order(ByteOrder.nativeOrder());
            layout.write(tensor, place.asIntBuffer());
        }
    }
}
