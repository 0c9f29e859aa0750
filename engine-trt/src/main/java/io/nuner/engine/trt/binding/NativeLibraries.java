package io.nuner.engine.trt.binding;

import io.nuner.engine.trt.library.LibraryException;
import io.nuner.engine.trt.library.LibrarySet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Loads the native libraries, one by one, into this process.
 *
 * <p>JavaCPP's own loader would want cuBLAS, cuDNN and NVRTC, which TensorRT does not need. It is switched off before its first
 * class is touched; then the libraries find each other by name because they are loaded already.
 */
public final class NativeLibraries {
    /** System properties of the binding. JavaCPP's limits are off, since they would count TensorRT's memory. */
    private static final List<List<String>> PROPERTIES = List.of(
            List.of("org.bytedeco.javacpp.loadlibraries", "false"),
            List.of("org.bytedeco.javacpp.maxphysicalbytes", "0"),
            List.of("org.bytedeco.javacpp.maxbytes", "0"));

    private NativeLibraries() {}

    /** Loads what running a plan needs. */
    public static void load(LibrarySet libraries, Consumer<Path> before) throws LibraryException {
        loadAll(order(libraries), before);
    }

    /** Loads what compiling needs; the set must have a parser. */
    public static void loadForCompiling(LibrarySet libraries, Consumer<Path> before) throws LibraryException {
        List<Path> files = order(libraries);
        libraries.parser().ifPresent(files::add);
        files.add(libraries.binding("libjninvonnxparser.so"));
        loadAll(files, before);
    }

    /** In the order of their dependencies; the driver by its path, since the system may not search where it was found. */
    private static List<Path> order(LibrarySet libraries) {
        return new ArrayList<>(List.of(
                libraries.binding("libjnijavacpp.so"),
                libraries.driver(),
                libraries.cudart(),
                libraries.nvinfer(),
                libraries.binding("libjnicudart.so"),
                libraries.binding("libjninvinfer.so")));
    }

    private static void loadAll(List<Path> files, Consumer<Path> before) throws LibraryException {
        PROPERTIES.forEach(property -> System.setProperty(property.get(0), property.get(1)));
        for (Path file : files) {
            before.accept(file);
            load(file);
        }
    }

    private static void load(Path file) throws LibraryException {
        try {
            System.load(file.toAbsolutePath().toString());
        } catch (UnsatisfiedLinkError e) {
            throw new LibraryException(refusal(file, String.valueOf(e.getMessage())), e);
        }
    }

    /** The linker's reason; the binding asks for a newer C library than NVIDIA's own files do. */
    static String refusal(Path file, String reason) {
        String advice = reason.contains("GLIBC_") ? "; glibc 2.34 or newer is needed" : "";
        String prefix = file + ": ";
        String rest = reason.startsWith(prefix) ? reason.substring(prefix.length()) : reason;
        return file + " does not load: " + rest + advice;
    }
}
