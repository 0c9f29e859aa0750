package io.nuner.engine.trt.binding;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;

/** Pointers between Java and C: which of them point to something, and what lies there. */
public final class NativePointers {
    /** Linux maps nothing below; without CUDA {@code createInferRuntime} returns 0x228, not null. */
    private static final long LOWEST_ADDRESS = 0x10000;

    private NativePointers() {}

    /** True if it may be used. */
    public static boolean isUsable(@Nullable Pointer pointer) {
        return pointer != null && pointer.address() >= LOWEST_ADDRESS;
    }

    /**
     * The memory there as buffers that share it, one after the other.
     *
     * @param chunkBytes size of each but the last
     */
    public static List<ByteBuffer> buffers(Pointer memory, long bytes, long chunkBytes) {
        List<ByteBuffer> buffers = new ArrayList<>();
        BytePointer start = new BytePointer(memory);
        for (long offset = 0; offset < bytes; offset += chunkBytes) {
            long length = Math.min(chunkBytes, bytes - offset);
            buffers.add(start.getPointer(offset).capacity(length).asByteBuffer());
        }
        return buffers;
    }

    /** The memory of a direct buffer, from its position to its limit. Shares it; valid as long as the buffer. */
    static BytePointer of(ByteBuffer buffer) {
        return new BytePointer(buffer.slice());
    }
}
