package io.nuner.engine.trt.library;

import io.nuner.model.format.tensorrt.LibrarySetMessage;
import java.nio.file.Path;
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

    /** The message that names this set to another process. */
    public LibrarySetMessage message() {
        LibrarySetMessage.Builder message = LibrarySetMessage.newBuilder()
                .setDriver(driver.toString())
                .setCudart(cudart.toString())
                .setNvinfer(nvinfer.toString())
                .setBinding(binding.toString());
        parser.map(Path::toString).ifPresent(message::setParser);
        return message.build();
    }

    /** The set that a message names. */
    public static LibrarySet of(LibrarySetMessage message) {
        return new LibrarySet(
                Path.of(message.getDriver()),
                Path.of(message.getCudart()),
                Path.of(message.getNvinfer()),
                message.hasParser() ? Optional.of(Path.of(message.getParser())) : Optional.empty(),
                Path.of(message.getBinding()));
    }
}
