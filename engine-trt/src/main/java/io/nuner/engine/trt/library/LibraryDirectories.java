package io.nuner.engine.trt.library;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Directories in which native libraries are looked for, by preference. Immutable.
 *
 * @param chosen the operator's choice for TensorRT; empty if there is none
 * @param driver where NVIDIA's driver may be
 * @param vendor where CUDA's runtime and TensorRT may be
 */
public record LibraryDirectories(List<Path> chosen, List<Path> driver, List<Path> vendor) {
    /** The environment variable that names TensorRT's directory, or several with colons between them. */
    public static final String CHOICE = "NUNER_TENSORRT_LIBRARIES";

    /** Where Linux distributions, containers, WSL and NixOS put the driver. */
    private static final List<Path> USUAL_FOR_DRIVERS = paths(
            "/usr/lib/x86_64-linux-gnu",
            "/usr/lib64",
            "/usr/lib",
            "/usr/local/nvidia/lib64",
            "/usr/lib/wsl/lib",
            "/run/opengl-driver/lib");

    /** Where packages and archives of CUDA and TensorRT put their libraries. */
    private static final List<Path> USUAL_FOR_VENDOR = paths(
            "/usr/lib/x86_64-linux-gnu",
            "/usr/lib64",
            "/usr/local/tensorrt/lib",
            "/usr/local/TensorRT/lib",
            "/opt/tensorrt/lib",
            "/usr/local/cuda/lib64",
            "/usr/local/cuda/targets/x86_64-linux/lib");

    public LibraryDirectories {
        chosen = List.copyOf(chosen);
        driver = List.copyOf(driver);
        vendor = List.copyOf(vendor);
    }

    /** What the environment names ({@value #CHOICE}, {@code LD_LIBRARY_PATH}), then the usual places. */
    public static LibraryDirectories of(Map<String, String> environment) {
        List<Path> named = split(environment.getOrDefault("LD_LIBRARY_PATH", ""));
        List<Path> vendor = new ArrayList<>(named);
        vendor.addAll(USUAL_FOR_VENDOR);
        vendor.addAll(versions(Path.of("/usr/local"), "cuda-13*", "lib64"));
        vendor.addAll(versions(Path.of("/usr/local"), "cuda-13*", "targets/x86_64-linux/lib"));
        vendor.addAll(versions(Path.of("/usr/local"), "TensorRT-11*", "lib"));
        vendor.addAll(versions(Path.of("/opt"), "TensorRT-11*", "lib"));
        List<Path> driver = new ArrayList<>(named);
        driver.addAll(USUAL_FOR_DRIVERS);
        return new LibraryDirectories(split(environment.getOrDefault(CHOICE, "")), driver, vendor);
    }

    /** Where CUDA's runtime is looked for: beside the chosen TensorRT first. */
    List<Path> runtime() {
        List<Path> all = new ArrayList<>(chosen);
        all.addAll(vendor);
        return all;
    }

    private static List<Path> split(String colonSeparated) {
        List<Path> directories = new ArrayList<>();
        for (String entry : colonSeparated.split(":", -1)) {
            path(entry).map(Path::toAbsolutePath).ifPresent(directories::add);
        }
        return directories;
    }

    private static Optional<Path> path(String entry) {
        try {
            return entry.isEmpty() ? Optional.empty() : Optional.of(Path.of(entry));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    /** The directories below those of all installed versions, newest name first. */
    private static List<Path> versions(Path parent, String glob, String below) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> installed = Files.newDirectoryStream(parent, glob)) {
            installed.forEach(found::add);
        } catch (IOException e) {
            return List.of();
        }
        found.sort(Comparator.reverseOrder());
        return found.stream().map(version -> version.resolve(below)).toList();
    }

    private static List<Path> paths(String... names) {
        return Arrays.stream(names).map(Path::of).toList();
    }
}
