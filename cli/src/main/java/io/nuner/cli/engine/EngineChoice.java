package io.nuner.cli.engine;

import io.nuner.cli.common.CommandFailure;
import io.nuner.cli.common.ExitCode;
import io.nuner.engine.EngineException;
import io.nuner.engine.EngineProvider;
import io.nuner.engine.EngineProvider.Availability;
import io.nuner.engine.EngineSettings;
import io.nuner.engine.InferenceEngine;
import io.nuner.engine.ModelGraphs;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The engine that will run the model, and the next ones if it cannot open the model. Used by one thread. */
public final class EngineChoice {
    /** What {@code --engine} takes for the usable engine of the highest preference. */
    public static final String AUTO = "auto";

    private final EngineProvider provider;
    /** Engines that were not asked yet whether they can run here. */
    private final List<EngineProvider> next;

    private final List<String> passedOver;
    private final boolean named;

    private EngineChoice(EngineProvider provider, List<EngineProvider> next, List<String> passedOver, boolean named) {
        this.provider = provider;
        this.next = List.copyOf(next);
        this.passedOver = List.copyOf(passedOver);
        this.named = named;
    }

    /** All engines that this program was made with, the preferred ones first. */
    public static List<EngineProvider> installed() {
        return byPreference(ServiceLoader.load(EngineProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList());
    }

    /**
     * Chooses by name.
     *
     * @param name an engine's name or {@link #AUTO}
     * @throws CommandFailure if there is no such engine or it cannot run here, with the engine's reason
     */
    public static EngineChoice of(String name, List<EngineProvider> providers) throws CommandFailure {
        return name.equals(AUTO) ? best(byPreference(providers), List.of()) : named(name, providers);
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
        return new EngineChoice(provider, List.of(), List.of(), true);
    }

    private static EngineChoice best(List<EngineProvider> ranked, List<String> before) throws CommandFailure {
        List<String> passedOver = new ArrayList<>(before);
        for (int rank = 0; rank < ranked.size(); rank++) {
            EngineProvider provider = ranked.get(rank);
            Availability availability = provider.availability();
            if (availability.usable()) {
                return new EngineChoice(provider, ranked.subList(rank + 1, ranked.size()), passedOver, false);
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

    /** Usable on this machine. */
    public EngineProvider provider() {
        return provider;
    }

    /** One sentence for each engine that would have been preferred but cannot run here. */
    public List<String> passedOver() {
        return passedOver;
    }

    /**
     * Opens the engine; if it was not asked for by name and cannot open the model, the next one.
     *
     * @param settings makes what an engine is opened with
     * @param warning gets one line for each engine that could not, with the reason, before the next one is tried
     * @throws CommandFailure if no engine is left, with the last one's reason
     */
    public Opened open(ModelGraphs graphs, Function<EngineProvider, EngineSettings> settings, Consumer<String> warning)
            throws CommandFailure {
        try {
            EngineSettings chosen = settings.apply(provider);
            return new Opened(provider.name(), provider.open(graphs, chosen), chosen);
        } catch (EngineException | RuntimeException | LinkageError e) {
            EngineChoice fallback = fallback(e);
            warning.accept("the engine " + provider.name() + " cannot run this model, " + fallback.provider.name()
                    + " runs it instead: " + reason(e));
            return fallback.open(graphs, settings, warning);
        }
    }

    private EngineChoice fallback(Throwable failure) throws CommandFailure {
        if (next.isEmpty()) {
            throw failure(failure);
        }
        try {
            return best(next, passedOver);
        } catch (CommandFailure nothingUsable) {
            throw failure(failure);
        }
    }

    private CommandFailure failure(Throwable cause) {
        String option = named ? "--engine " + provider.name() + ": " : "";
        return new CommandFailure(exitCode(cause), option + reason(cause), cause);
    }

    /** The graphs were verified, so starting again does not help, except after a failure of the device. */
    private int exitCode(Throwable cause) {
        if (cause instanceof EngineException engine && engine.kind() == EngineException.Kind.DEVICE_FAILED) {
            return ExitCode.DEVICE_FAILED;
        }
        if (cause instanceof IllegalArgumentException) {
            return ExitCode.USAGE;
        }
        return named ? ExitCode.NO_ENGINE : ExitCode.BAD_MODEL;
    }

    private static String reason(Throwable cause) {
        String message = String.valueOf(cause.getMessage()).replaceAll("\\s+", " ");
        return cause instanceof EngineException ? message : cause.getClass().getSimpleName() + ": " + message;
    }

    /**
     * The engine that runs the model.
     *
     * @param name its provider's
     * @param engine belongs to the caller
     * @param settings what it was opened with
     */
    public record Opened(String name, InferenceEngine engine, EngineSettings settings) {}
}
