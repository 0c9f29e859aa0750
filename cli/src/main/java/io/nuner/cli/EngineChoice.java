package io.nuner.cli;

import io.nuner.engine.EngineProvider;
import io.nuner.engine.EngineProvider.Availability;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The engine that will run the model.
 *
 * @param provider usable on this machine
 * @param passedOver one sentence for each engine that would have been preferred but cannot run here
 */
record EngineChoice(EngineProvider provider, List<String> passedOver) {
    /** What {@code --engine} takes for the usable engine of the highest preference. */
    static final String AUTO = "auto";

    EngineChoice {
        passedOver = List.copyOf(passedOver);
    }

    /**
     * Chooses by name.
     *
     * @param name an engine's name or {@link #AUTO}
     * @throws CommandFailure if there is no such engine or it cannot run here, with the engine's reason
     */
    static EngineChoice of(String name, List<EngineProvider> providers) throws CommandFailure {
        return name.equals(AUTO) ? best(providers) : named(name, providers);
    }

    private static EngineChoice named(String name, List<EngineProvider> providers) throws CommandFailure {
        EngineProvider provider = providers.stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new CommandFailure(
                        ExitCode.USAGE, "--engine must be one of " + names(providers) + ", but was " + name));
        Availability availability = provider.availability();
        if (!availability.usable()) {
            throw new CommandFailure(ExitCode.NO_ENGINE, "--engine " + unusable(provider, availability));
        }
        return new EngineChoice(provider, List.of());
    }

    private static EngineChoice best(List<EngineProvider> providers) throws CommandFailure {
        List<String> passedOver = new ArrayList<>();
        for (EngineProvider provider : byPreference(providers)) {
            Availability availability = provider.availability();
            if (availability.usable()) {
                return new EngineChoice(provider, passedOver);
            }
            passedOver.add(unusable(provider, availability));
        }
        throw new CommandFailure(ExitCode.NO_ENGINE, "no engine can run here: " + String.join("; ", passedOver));
    }

    private static List<EngineProvider> byPreference(List<EngineProvider> providers) {
        return providers.stream()
                .sorted(Comparator.comparingInt(EngineProvider::preference).reversed())
                .toList();
    }

    private static String unusable(EngineProvider provider, Availability availability) {
        return provider.name() + " cannot be used: " + availability.reason();
    }

    private static String names(List<EngineProvider> providers) {
        return byPreference(providers).stream()
                .map(EngineProvider::name)
                .collect(Collectors.joining(", ", AUTO + ", ", ""));
    }
}
