package io.nuner.gputest.stage;

import io.nuner.engine.CompileSettings;
import io.nuner.engine.EngineException;
import io.nuner.engine.EngineLane;
import io.nuner.engine.EngineLimits;
import io.nuner.engine.EngineProvider;
import io.nuner.engine.EngineSettings;
import io.nuner.engine.InferenceEngine;
import io.nuner.gputest.options.Options;
import io.nuner.gputest.options.Options.BuildOptions;
import io.nuner.model.ModelException;
import io.nuner.model.NerModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/** The exported model in the engine under test. Owns both until closed. Any thread. */
final class OpenedEngine implements AutoCloseable {
    private static final int LABELS = 16;

    private final NerModel model;
    private final InferenceEngine engine;

    private OpenedEngine(NerModel model, InferenceEngine engine) {
        this.model = model;
        this.engine = engine;
    }

    /** Where compiled models are kept. */
    static Path planCache(Options options) {
        return options.work().resolve("plans");
    }

    /**
     * The engine of that name on the class path.
     *
     * @throws IOException if there is none
     */
    static EngineProvider provider(String name) throws IOException {
        for (EngineProvider provider : ServiceLoader.load(EngineProvider.class)) {
            if (provider.name().equals(name)) {
                return provider;
            }
        }
        throw new IOException("there is no engine " + name + " on the class path");
    }

    /** Opens the model of this run, which is compiled first if it was not. */
    static OpenedEngine open(StageContext context) throws IOException, ModelException, EngineException {
        Options options = context.options();
        EngineProvider provider = provider(options.engine());
        EngineProvider.Availability availability = provider.availability();
        if (!availability.usable()) {
            throw new IOException(provider.name() + " cannot be used: " + availability.reason());
        }
        NerModel model = NerModel.open(context.exported());
        return new OpenedEngine(model, provider.open(model.graphs(), settings(options, context::progress)));
    }

    private static EngineSettings settings(Options options, CompileSettings.Listener listener) {
        BuildOptions build = options.build();
        CompileSettings compilation =
                new CompileSettings(planCache(options), build.precision(), build.profiles(), listener);
        return new EngineSettings(limits(build), build.lanes(), 0, Optional.of(compilation));
    }

    /** Limits under which the shortest profile can be filled. */
    static EngineLimits limits(BuildOptions build) {
        int rows = Math.max(1, build.batchTokens() / build.profiles().get(0));
        return new EngineLimits(rows, build.longestRow(), build.batchTokens(), LABELS);
    }

    NerModel model() {
        return model;
    }

    InferenceEngine engine() {
        return engine;
    }

    /** All lanes; the caller closes them. */
    List<EngineLane> openLanes() throws EngineException {
        List<EngineLane> lanes = new ArrayList<>();
        for (int i = 0; i < engine.description().lanes(); i++) {
            lanes.add(engine.openLane());
        }
        return lanes;
    }

    @Override
    public void close() {
        engine.close();
        model.close();
    }
}
