package io.nuner.cli.model;

import io.nuner.cli.common.CommandFailure;
import io.nuner.cli.common.ExitCode;
import io.nuner.engine.EngineProvider;
import java.util.ServiceLoader;

/** The engine that answers for exports that are compared, on this machine's CPU. */
final class CpuEngine {
    private static final String NAME = "onnx";

    private CpuEngine() {}

    /**
     * The engine, usable here.
     *
     * @throws CommandFailure if it is not part of this program or cannot run here
     */
    static EngineProvider find() throws CommandFailure {
        EngineProvider provider = ServiceLoader.load(EngineProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(candidate -> candidate.name().equals(NAME))
                .findFirst()
                .orElseThrow(() -> failure("it is not part of this program"));
        EngineProvider.Availability availability = provider.availability();
        if (!availability.usable()) {
            throw failure(availability.reason());
        }
        return provider;
    }

    private static CommandFailure failure(String reason) {
        return new CommandFailure(
                ExitCode.NO_ENGINE,
                "--weights int8 is compared with float32 by the engine " + NAME + ", which cannot be used: " + reason);
    }
}
