package io.nuner.engine.trt.binding;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.function.BiConsumer;
import org.bytedeco.tensorrt.nvinfer.ILogger;
import org.jspecify.annotations.Nullable;

/**
 * TensorRT's log, of which warnings and errors are passed on. Any thread; TensorRT calls it on the thread that called TensorRT,
 * and on its own. Its messages tell of graphs and devices, never of texts, which TensorRT does not see.
 *
 * <p>There is one for the process, since TensorRT keeps a pointer to it for ever.
 */
public final class TensorRtLog extends ILogger {
    private static final Logger LOG = System.getLogger("io.nuner.engine.trt.TensorRT");

    /** In a holder: making one takes the native library. */
    private static final class Holder {
        static final TensorRtLog INSTANCE = new TensorRtLog();
    }

    private final ThreadLocal<@Nullable String> lastError = new ThreadLocal<>();
    private volatile BiConsumer<Level, String> sink = LOG::log;

    private TensorRtLog() {}

    /** The log of this process. Only after the libraries are loaded. */
    public static TensorRtLog instance() {
        return Holder.INSTANCE;
    }

    /** Messages go there from now on. */
    public void passOnTo(BiConsumer<Level, String> target) {
        sink = target;
    }

    @Override
    public void log(Severity severity, String message) {
        // Every message crosses JNI; most are of no use here.
        Severity known = severity.intern();
        if (known == Severity.kVERBOSE || known == Severity.kINFO) {
            return;
        }
        boolean isError = known != Severity.kWARNING;
        if (isError) {
            lastError.set(message);
        }
        pass(isError ? Level.ERROR : Level.WARNING, message);
    }

    /** Throws nothing: an exception would reach C++ where none may, and end the process. */
    private void pass(Level level, String message) {
        try {
            sink.accept(level, message);
        } catch (RuntimeException e) {
            System.err.println("TensorRT: " + message + " (not logged: " + e + ")");
        }
    }

    /** Forgets this thread's errors, before a call whose errors are wanted. */
    void clear() {
        lastError.remove();
    }

    /** The last error that TensorRT reported on this thread since {@link #clear}; null if there was none. */
    @Nullable
    public String lastError() {
        return lastError.get();
    }
}
