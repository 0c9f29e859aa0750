package io.nuner.engine.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import io.nuner.engine.natives.LibraryBundle;
import io.nuner.engine.natives.LibraryStore;
import io.nuner.engine.natives.NativeLibraryException;
import io.nuner.engine.natives.NativePlatform;
import org.jspecify.annotations.Nullable;

/** ONNX Runtime's native libraries, loaded once into this process, from the {@link LibraryStore} and nowhere else. Any thread. */
final class OnnxLibrary {
    private static @Nullable OrtEnvironment environment;

    private OnnxLibrary() {}

    /** The libraries for this machine. */
    static LibraryBundle bundle() throws NativeLibraryException {
        NativePlatform platform = NativePlatform.current();
        String processor = platform.processor().equals("x86_64") ? "x64" : platform.processor();
        return LibraryBundle.read(
                "onnxruntime",
                OnnxLibrary.class,
                "native-libraries.sha256",
                "ai/onnxruntime/native/" + platform.system() + "-" + processor + "/");
    }

    /**
     * ONNX Runtime's one environment of this process.
     *
     * @throws NativeLibraryException if the libraries cannot be kept, are not the ones this engine was made for, or do not load
     */
    static synchronized OrtEnvironment environment() throws NativeLibraryException {
        OrtEnvironment known = environment;
        if (known == null) {
            if (!OnnxRuntimeStart.isStarted()) {
                LibraryStore.ofThisProcess().load(bundle());
                OnnxRuntimeStart.start();
            }
            known = quiet();
            environment = known;
        }
        return known;
    }

    /** Only fatal lines: warnings and errors of a run may print tensor contents, and what matters comes as an exception. */
    private static OrtEnvironment quiet() throws NativeLibraryException {
        OrtEnvironment created = LastingEnvironment.create(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
        try {
            created.setTelemetry(false); // events of the operating system; there is no other kind in this version
        } catch (OrtException e) {
            throw new NativeLibraryException("ONNX Runtime's events cannot be switched off: " + e.getMessage(), e);
        }
        return created;
    }
}
