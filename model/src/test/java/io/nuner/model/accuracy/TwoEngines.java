package io.nuner.model.accuracy;

import io.nuner.engine.EngineProvider;
import io.nuner.engine.EngineSettings;
import io.nuner.engine.GraphInspection;
import io.nuner.engine.InferenceEngine;
import io.nuner.engine.ModelGraphs;
import io.nuner.engine.testing.FakeEngine;
import io.nuner.engine.testing.Scoring;
import io.nuner.model.testing.GivenMagnitudes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Opens fake engines: the first one, third one and so on answer as float32 does, the others as the rounded weights do. */
public final class TwoEngines implements EngineProvider {
    private final List<FakeEngine> opened = new ArrayList<>();
    private final Scoring exact;
    private Scoring rounded;

    public TwoEngines(Scoring exact, Scoring rounded) {
        this.exact = exact;
        this.rounded = rounded;
    }

    void rounded(Scoring scoring) {
        rounded = scoring;
    }

    List<FakeEngine> opened() {
        return opened;
    }

    @Override
    public String name() {
        return "two";
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
    public Optional<GraphInspection> inspection() {
        return new GivenMagnitudes().inspection();
    }

    @Override
    public InferenceEngine open(ModelGraphs graphs, EngineSettings settings) {
        FakeEngine engine = new FakeEngine(settings.limits().within(graphs), settings.lanes(), graphs.maxWidth());
        engine.score(opened.size() % 2 == 0 ? exact : rounded);
        opened.add(engine);
        return engine;
    }
}
