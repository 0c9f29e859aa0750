package io.nuner.engine.trt;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Looks for NVIDIA's driver library without loading it, so a broken one cannot end the process. */
final class CudaDriver {
    private static final String LIBRARY = "libcuda.so.1";

    /** Where Linux distributions, containers, WSL and NixOS put the library. */
    private static final List<Path> USUAL_DIRECTORIES = Stream.of(
                    "/usr/lib/x86_64-linux-gnu",
                    "/usr/lib/aarch64-linux-gnu",
                    "/usr/lib64",
                    "/usr/lib",
                    "/usr/local/nvidia/lib64",
                    "/usr/lib/wsl/lib",
                    "/run/opengl-driver/lib")
            .map(Path::of)
            .toList();

    private CudaDriver() {}

    /**
     * The directories to search, in order.
     *
     * @param libraryPath value of {@code LD_LIBRARY_PATH}, colon-separated; entries that are no paths are skipped
     */
    static List<Path> directories(String libraryPath) {
        List<Path> directories = new ArrayList<>();
        for (String entry : libraryPath.split(":", -1)) {
            path(entry).ifPresent(directories::add);
        }
        directories.addAll(USUAL_DIRECTORIES);
        return directories;
    }

    /** The first of the directories' driver libraries. */
    static Optional<Path> find(List<Path> directories) {
        return directories.stream()
                .map(directory -> directory.resolve(LIBRARY))
                .filter(Files::isReadable)
                .findFirst();
    }

    private static Optional<Path> path(String entry) {
        if (entry.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Path.of(entry));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }
}
