package io.nuner.engine.trt.library;

import io.nuner.engine.natives.LibraryStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Stand-ins for NVIDIA's libraries in one directory, and what finds them. As it begins, one GPU and a suitable TensorRT without a
 * parser are there; a test replaces or deletes what it is about.
 */
public final class NvidiaScene {
    /** What the stand-in for TensorRT says it is. */
    public static final int VERSION = 110201;

    private final Path directory;
    private final Path cache;

    /** Works in the directory, with the binding's libraries unpacked below it. */
    public NvidiaScene(Path directory) throws IOException {
        this.directory = Files.createDirectories(directory.resolve("nvidia"));
        this.cache = directory.resolve("cache");
        driver().writeInto(this.directory);
        cudart().writeInto(this.directory);
        tensorRt(VERSION).writeInto(this.directory);
    }

    /** A driver that nobody calls. */
    public static SharedObject driver() {
        return new SharedObject("libcuda.so.1").with("cuInit", MachineCode.returning(0));
    }

    /** A runtime with one GPU that has no name. */
    public static SharedObject cudart() {
        return new SharedObject("libcudart.so.13")
                .with("cudaGetDeviceCount", MachineCode.storing(1))
                .with("cudaDriverGetVersion", MachineCode.storing(13000))
                .with("cudaGetDeviceProperties", MachineCode.storing(0x0055_5047));
    }

    /** A TensorRT that has this version, and a runtime. */
    public static SharedObject tensorRt(int version) {
        return new SharedObject("libnvinfer.so.11")
                .with("getInferLibVersion", MachineCode.returning(version))
                .with("getInferLibBuildVersion", MachineCode.returning(2))
                .with("createInferRuntime_INTERNAL", MachineCode.returningPointer());
    }

    /** Puts a library into the directory, in place of the one that has its name. */
    public NvidiaScene with(SharedObject library) throws IOException {
        library.writeInto(directory);
        return this;
    }

    /** Takes a library away. */
    public NvidiaScene without(String library) throws IOException {
        Files.delete(directory.resolve(library));
        return this;
    }

    /** Where the libraries are. */
    public Path directory() {
        return directory;
    }

    /** What finds these libraries and no others. */
    public LibraryFinder finder() {
        return finder(directory, cache);
    }

    /** The same in another process, which is told {@link #arguments}. */
    public static LibraryFinder finder(List<String> arguments) {
        return finder(Path.of(arguments.get(0)), Path.of(arguments.get(1)));
    }

    /** What {@link #finder(List)} takes. */
    public List<String> arguments() {
        return List.of(directory.toString(), cache.toString());
    }

    private static LibraryFinder finder(Path directory, Path cache) {
        List<Path> one = List.of(directory);
        return new LibraryFinder(
                new LibraryDirectories(List.of(), one, one),
                LibraryStore.inCache(cache),
                new UnpackedLibraries(cache.resolve("tensorrt")),
                "11.2.1");
    }
}
