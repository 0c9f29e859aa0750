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
import java.util.function.Function;
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
            EngineChoice.Opened more;
            try {
                more = open(graphs, Math.min(most, 2 * taken.settings().lanes()));
            } catch (CommandFailure e) {
                LOG.warn("more lanes could not be tried: {}", e.getMessage());
                return taken;
            }
            if (!isBetter(more, taken)) {
                more.engine().close();
                return taken;
            }
            taken.engine().close();
            taken = more;
        }
        return taken;
    }

    /** Begins with one lane if lanes are tried. */
    private EngineSettings first(EngineProvider provider) {
        EngineSettings chosen = settings.apply(provider);
        most = chosen.lanes();
        boolean shareCores = provider.defaults().lanes() == 1;
        return triesLanes && shareCores ? withLanes(chosen, 1) : chosen;
    }

    private EngineChoice.Opened open(ModelGraphs graphs, int lanes) throws CommandFailure {
        return choice.open(graphs, provider -> withLanes(settings.apply(provider), lanes), LOG::warn);
    }

    private static EngineSettings withLanes(EngineSettings settings, int lanes) {
        return new EngineSettings(settings.limits(), lanes, settings.threads(), settings.compilation());
    }

    private boolean isBetter(EngineChoice.Opened more, EngineChoice.Opened taken) {
        try {
            LaneTrial trial = LaneTrial.of(taken.engine(), more.engine(), trialTime);
            LOG.info(trial.line());
            return trial.takesMore();
        } catch (EngineException e) {
            LOG.warn("lanes could not be compared: {}", e.getMessage());
            return false;
        }
    }
}
