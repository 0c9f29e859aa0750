package io.nuner.cli.serve;

import io.nuner.cli.common.CommandFailure;
import io.nuner.cli.engine.EngineChoice;
import io.nuner.engine.EngineException;
import io.nuner.engine.EngineProvider;
import io.nuner.engine.EngineSettings;
import io.nuner.engine.ModelGraphs;
import io.nuner.server.costs.LaneTrial;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens the engine that runs the model, with the lanes that were asked for or that a trial finds best. Used by one thread. */
final class EngineOpening {
    private static final Logger LOG = LoggerFactory.getLogger(EngineOpening.class);

    private final EngineChoice choice;
    private final Function<EngineProvider, EngineSettings> settings;
    private final boolean triesLanes;
    private final Duration trialTime;
    private int most;
    private @Nullable EngineProvider provider;

    /**
     * An engine that is not open yet.
     *
     * @param settings what an engine is opened with; with a trial, the most lanes
     * @param triesLanes whether fewer lanes are tried on an engine whose lanes share a processor
     * @param trialTime how long two engines are compared, about
     */
    EngineOpening(
            EngineChoice choice,
            Function<EngineProvider, EngineSettings> settings,
            boolean triesLanes,
            Duration trialTime) {
        this.choice = choice;
        this.settings = settings;
        this.triesLanes = triesLanes;
        this.trialTime = trialTime;
    }

    /** One sentence for each engine that would have been preferred but cannot run here. */
    List<String> passedOver() {
        return choice.passedOver();
    }

    /**
     * Opens the engine.
     *
     * @throws CommandFailure if none can open the model
     */
    EngineChoice.Opened open(ModelGraphs graphs) throws CommandFailure {
        EngineChoice.Opened taken = choice.open(graphs, this::first, LOG::warn);
        while (taken.settings().lanes() < most) {
            Optional<EngineChoice.Opened> more =
                    more(graphs, Math.min(most, 2 * taken.settings().lanes()));
            if (more.isEmpty()) {
                return taken;
            }
            if (!isBetter(more.get(), taken)) {
                more.get().engine().close();
                return taken;
            }
            taken.engine().close();
            taken = more.get();
        }
        return taken;
    }

    /** Begins with one lane if lanes are tried. The last engine that is asked is the one that opens. */
    private EngineSettings first(EngineProvider asked) {
        EngineSettings chosen = settings.apply(asked);
        provider = asked;
        most = chosen.lanes();
        boolean shareCores = asked.defaults().lanes() == 1;
        return triesLanes && shareCores ? withLanes(chosen, 1) : chosen;
    }

    /** The same engine with more lanes, if there is room for it. */
    private Optional<EngineChoice.Opened> more(ModelGraphs graphs, int lanes) {
        EngineProvider same = Objects.requireNonNull(provider);
        EngineSettings wider = withLanes(settings.apply(same), lanes);
        try {
            return Optional.of(new EngineChoice.Opened(same.name(), same.open(graphs, wider), wider));
        } catch (EngineException | RuntimeException e) {
            LOG.warn("{} lanes could not be tried: {}", lanes, e.getMessage());
            return Optional.empty();
        }
    }

    private static EngineSettings withLanes(EngineSettings settings, int lanes) {
        return new EngineSettings(settings.limits(), lanes, settings.threads(), settings.compilation());
    }

    private boolean isBetter(EngineChoice.Opened more, EngineChoice.Opened taken) {
        try {
            LaneTrial trial = LaneTrial.of(taken.engine(), more.engine(), trialTime);
            LOG.info(trial.line());
            return trial.takesMore();
        } catch (EngineException | RuntimeException e) {
            LOG.warn("lanes could not be compared: {}", e.getMessage());
            return false;
        }
    }
}
