package io.nuner.engine.onnx;

import io.nuner.engine.natives.NativeLibraryException;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Arrays;

/**
 * What ONNX Runtime's Java classes do after loading their libraries, done for libraries that are loaded already.
 *
 * <p>Their own way makes a directory in the system's temporary one at every start, even where it loads from elsewhere. It fails
 * where that cannot be written, and stays behind when the process is killed. These classes are as fixed as the libraries.
 */
final class OnnxRuntimeStart {
    private static final String RUNTIME = "ai.onnxruntime.OnnxRuntime";
    private static final int API_VERSION = 23;

    private OnnxRuntimeStart() {}

    /** True if somebody else in this process has loaded ONNX Runtime. */
    static boolean isStarted() throws NativeLibraryException {
        try {
            return field("loaded").getBoolean(null);
        } catch (ReflectiveOperationException e) {
            throw otherVersion(e);
        }
    }

    /** Connects the classes with the loaded libraries. */
    static void start() throws NativeLibraryException {
        try {
            long api = (long) call("initialiseAPIBase", API_VERSION);
            if (api == 0) {
                throw otherVersion(new NoSuchMethodException("API " + API_VERSION));
            }
            long training = (long) call("initialiseTrainingAPIBase", api, API_VERSION);
            field("ortApiHandle").setLong(null, api);
            field("ortTrainingApiHandle").setLong(null, training);
            field("ortCompileApiHandle").setLong(null, (long) call("initialiseCompileAPIBase", api));
            field("trainingEnabled").setBoolean(null, training != 0);
            field("providers").set(null, call("initialiseProviders", api));
            field("version").set(null, call("initialiseVersion"));
            field("loaded").setBoolean(null, true);
        } catch (ReflectiveOperationException e) {
            throw otherVersion(e);
        }
    }

    private static Field field(String name) throws ReflectiveOperationException {
        return opened(Class.forName(RUNTIME).getDeclaredField(name));
    }

    private static Object call(String name, Object... arguments) throws ReflectiveOperationException {
        Method method = Arrays.stream(Class.forName(RUNTIME).getDeclaredMethods())
                .filter(candidate -> candidate.getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new NoSuchMethodException(name));
        return opened(method).invoke(null, arguments);
    }

    private static <T extends AccessibleObject> T opened(T member) {
        member.setAccessible(true);
        return member;
    }

    private static NativeLibraryException otherVersion(ReflectiveOperationException cause) {
        return new NativeLibraryException(
                "the class path has another version of ONNX Runtime than this engine was made for", cause);
    }
}
