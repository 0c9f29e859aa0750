package io.nuner.engine.trt;

import io.nuner.engine.trt.device.PlanCompiler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Makes a head find nothing: its weights are zero. */
final class WrongHead {
    private WrongHead() {}

    static PlanCompiler.Request of(PlanCompiler.Request request) {
        try {
            Path weights = request.graph().resolveSibling("head.weights");
            Files.write(weights, new byte[Math.toIntExact(Files.size(weights))]);
            return request;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
