package io.nuner.engine.trt.library;

import io.nuner.engine.natives.LibraryBundle;
import io.nuner.engine.natives.LibraryStore;
import io.nuner.engine.natives.NativeLibraryException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Finds the libraries that run TensorRT. Any thread.
 *
 * <p>An installed TensorRT is preferred to one in a jar: it has kernels for every GPU, which the jar lacks.
 */
public final class LibraryFinder {
    private static final String DRIVER = "libcuda.so.1";
    private static final String CUDART = "libcudart.so.13";
    private static final String NVINFER = "libnvinfer.so.11";
    private static final String PARSER = "libnvonnxparser.so.11";

    private static final String CUDA_JAR = "/org/bytedeco/cuda/linux-x86_64/";
    private static final String TENSORRT_JAR = "/org/bytedeco/tensorrt/linux-x86_64/";

    /** Kernels for the compiler; a jar has those for one or several GPUs, or code that is translated for any. */
    private static final List<String> RESOURCES =
            List.of("ptx", "sm75", "sm80", "sm86", "sm89", "sm90", "sm100", "sm103", "sm120");

    private final LibraryDirectories directories;
    private final LibraryStore store;
    private final UnpackedLibraries unpacked;
    private final String version;

    /**
     * Finds libraries.
     *
     * @param store where the binding's own libraries are
     * @param unpacked where NVIDIA's are, if a jar has them
     * @param version the TensorRT that jars have, as major, minor, patch
     */
    public LibraryFinder(
            LibraryDirectories directories, LibraryStore store, UnpackedLibraries unpacked, String version) {
        this.directories = directories;
        this.store = store;
        this.unpacked = unpacked;
        this.version = version;
    }

    /**
     * Finds all of them, the driver first: without one it takes no more than a few looks at directories.
     *
     * @throws LibraryException if one is missing
     */
    public LibrarySet find() throws LibraryException {
        Path driver = driver();
        Path cudart = cudart();
        Path nvinfer = nvinfer();
        Optional<Path> parser = Optional.of(nvinfer.resolveSibling(PARSER)).filter(Files::isReadable);
        return new LibrarySet(driver, cudart, nvinfer, parser, binding());
    }

    private Path driver() throws LibraryException {
        List<Path> unusable = new ArrayList<>();
        Optional<Path> driver = first(directories.driver(), DRIVER, unusable);
        if (driver.isPresent()) {
            return driver.get();
        }
        if (!unusable.isEmpty()) {
            throw new LibraryException("the NVIDIA driver " + unusable.get(0)
                    + " cannot be used: it cannot be read or is no library for 64-bit x86");
        }
        throw new LibraryException("no NVIDIA driver (" + DRIVER + ") was found");
    }

    private Path cudart() throws LibraryException {
        Optional<Path> installed = first(directories.runtime(), CUDART, new ArrayList<>());
        if (installed.isPresent()) {
            return installed.get();
        }
        Optional<Path> shipped = unpacked.unpack(CUDA_JAR + CUDART);
        return shipped.orElseThrow(() -> new LibraryException("no CUDA 13 runtime (" + CUDART + ") was found"
                + others(directories.runtime(), "libcudart.so.")
                + "; name its directory in LD_LIBRARY_PATH or " + LibraryDirectories.CHOICE));
    }

    private Path nvinfer() throws LibraryException {
        boolean isChosen = !directories.chosen().isEmpty();
        List<Path> searched = isChosen ? directories.chosen() : directories.vendor();
        Optional<Path> installed = first(searched, NVINFER, new ArrayList<>());
        if (installed.isPresent()) {
            return installed.get();
        }
        if (isChosen) {
            throw new LibraryException("no TensorRT 11 (" + NVINFER + ") is in " + LibraryDirectories.CHOICE + "="
                    + searched.stream().map(Path::toString).collect(Collectors.joining(":"))
                    + others(searched, "libnvinfer.so."));
        }
        Optional<Path> shipped = shippedTensorRt();
        return shipped.orElseThrow(() -> new LibraryException("no TensorRT 11 (" + NVINFER + ") was found"
                + others(searched, "libnvinfer.so.") + "; name its directory in " + LibraryDirectories.CHOICE));
    }

    /** TensorRT from the jar, with what lies beside it. */
    private Optional<Path> shippedTensorRt() throws LibraryException {
        Optional<Path> nvinfer = unpacked.unpack(TENSORRT_JAR + NVINFER);
        if (nvinfer.isPresent()) {
            unpacked.unpack(TENSORRT_JAR + PARSER);
            for (String target : RESOURCES) {
                unpacked.unpack(TENSORRT_JAR + "libnvinfer_builder_resource_" + target + ".so." + version);
            }
        }
        return nvinfer;
    }

    private Path binding() throws LibraryException {
        try {
            return store.directory(bindingBundle());
        } catch (NativeLibraryException e) {
            throw new LibraryException(String.valueOf(e.getMessage()), e);
        }
    }

    /** The binding's own libraries. */
    public static LibraryBundle bindingBundle() throws NativeLibraryException {
        return LibraryBundle.read("javacpp", LibraryFinder.class, "native-libraries.sha256", "org/bytedeco/");
    }

    private static Optional<Path> first(List<Path> searched, String name, List<Path> unusable) {
        for (Path directory : searched) {
            Path file = directory.resolve(name);
            if (isLoadable(file)) {
                return Optional.of(file);
            }
            if (Files.exists(file)) {
                unusable.add(file);
            }
        }
        return Optional.empty();
    }

    private static boolean isLoadable(Path file) {
        try {
            return Files.isRegularFile(file) && ElfHeader.isLoadable(file);
        } catch (IOException e) {
            return false;
        }
    }

    /** Names other major versions that are there, since those are what an operator may have taken for the right one. */
    private static String others(List<Path> searched, String prefix) {
        TreeSet<String> found = new TreeSet<>();
        for (Path directory : searched) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, prefix + "[0-9]*")) {
                files.forEach(file -> found.add(file.toString()));
            } catch (IOException e) {
                // Not there or not ours to read: then nothing in it can be named.
            }
        }
        return found.isEmpty() ? "" : ", only " + String.join(", ", found);
    }
}
