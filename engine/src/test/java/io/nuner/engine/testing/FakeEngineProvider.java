package io.nuner.engine.testing;

import io.nuner.engine.EngineProvider;
import io.nuner.engine.EngineSettings;
import io.nuner.engine.InferenceEngine;
import io.nuner.engine.ModelGraphs;

/** Opens {@link FakeEngine}s for tests of the wiring. Not registered: hand it over where a provider is wanted. */
public final class FakeEngineProvider implements EngineProvider {
    @Override
    public String name() {
        return "fake";
    }

    @Override
    public int preference() {
        return 0;
    }

    @Override
    public Availability availability() {
        return new Availability(true, "always there");
    }

    @Override
    public InferenceEngine open(ModelGraphs graphs, EngineSettings settings) {
        return new FakeEngine(settings.limits().within(graphs), settings.lanes(), graphs.maxWidth());
    }
}
