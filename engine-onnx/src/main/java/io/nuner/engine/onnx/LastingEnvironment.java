package io.nuner.engine.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtLoggingLevel;
import java.lang.reflect.Field;
import java.lang.reflect.Method;

/**
 * ONNX Runtime's one environment of this process, which nothing frees as long as the process lives. Any thread.
 *
 * <p>ONNX Runtime registers a shutdown hook that frees the environment, and the virtual machine runs all hooks at once: while
 * another hook still drains a server, every run would find the environment gone, and fail or crash. But the native side counts
 * references, and there is one environment only. So a second reference is taken here that nobody gives back. The operating
 * system frees the memory.
 */
final class LastingEnvironment {
    private static final String NAME = "nuner";

    private LastingEnvironment() {}

    /**
     * The environment, with a second reference; called once.
     *
     * @throws IllegalStateException if this version of ONNX Runtime does not let a second reference be taken
     */
    static OrtEnvironment create(OrtLoggingLevel level) {
        OrtEnvironment environment = OrtEnvironment.getEnvironment(level, NAME);
        takeReference(level);
        return environment;
    }

    /** By reflection: the Java side has no other way to ask for one. */
    private static void takeReference(OrtLoggingLevel level) {
        try {
            Field api = Class.forName("ai.onnxruntime.OnnxRuntime").getDeclaredField("ortApiHandle");
            Method create = OrtEnvironment.class.getDeclaredMethod("createHandle", long.class, int.class, String.class);
            api.setAccessible(true);
            create.setAccessible(true);
            create.invoke(null, api.getLong(null), level.getValue(), NAME);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this version of ONNX Runtime does not count references as expected", e);
        }
    }
}
