package io.nuner.engine.trt.binding;

import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;

/** Tells pointers to something from what TensorRT returns when it could not make it. */
final class NativePointers {
    /** Linux maps nothing below; without CUDA {@code createInferRuntime} returns 0x228, not null. */
    private static final long LOWEST_ADDRESS = 0x10000;

    private NativePointers() {}

    /** True if it may be used. */
    static boolean isUsable(@Nullable Pointer pointer) {
        return pointer != null && pointer.address() >= LOWEST_ADDRESS;
    }
}
