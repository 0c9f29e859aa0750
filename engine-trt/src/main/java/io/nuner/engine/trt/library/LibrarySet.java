package io.nuner.engine.trt.library;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The libraries that together run TensorRT, as files. Immutable.
 *
 * @param driver NVIDIA's driver
 * @param cudart CUDA's runtime
 * @param nvinfer TensorRT
 * @param parser TensorRT's reader of ONNX files, which only compiling needs
 * @param binding directory of the Java binding's libraries
 */
public record LibrarySet(Path driver, Path cudart, Path nvinfer, Optional<Path> parser, Path binding) {
    /** One of the binding's libraries. */
    public Path binding(String name) {
        return binding.resolve(name);
    }

    /** What {@link #parse} reads. */
    public List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        arguments.add(driver.toString());
        arguments.add(cudart.toString());
        arguments.add(nvinfer.toString());
        arguments.add(binding.toString());
        parser.map(Path::toString).ifPresent(arguments::add);
        return arguments;
    }

    /** Reads what {@link #arguments} wrote. */
    public static LibrarySet parse(List<String> arguments) {
        if (arguments.size() < 4 || arguments.size() > 5) {
            throw new IllegalArgumentException("libraries: needs 4 or 5 paths, but there were " + arguments.size());
        }
        Optional<Path> parser = arguments.size() == 5 ? Optional.of(Path.of(arguments.get(4))) : Optional.empty();
        return new LibrarySet(
                Path.of(arguments.get(0)),
                Path.of(arguments.get(1)),
                Path.of(arguments.get(2)),
                parser,
                Path.of(arguments.get(3)));
    }
}
