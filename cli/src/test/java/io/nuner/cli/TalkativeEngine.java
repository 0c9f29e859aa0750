package io.nuner.cli;

import io.nuner.engine.EngineException;
import io.nuner.engine.EngineProvider;
import io.nuner.engine.EngineSettings;
import io.nuner.engine.InferenceEngine;
import io.nuner.engine.ModelGraphs;
import io.nuner.engine.testing.FakeEngine;

/** An engine whose failures say what no log may say. On the test class path only. */
public final class TalkativeEngine implements EngineProvider {
    /** Texts of so many words fail with an exception of the engine; with one word more, of Java. */
    static final int FAILING_WORDS = 7;

    @Override
    public String name() {
        return "test-talkative";
    }

    @Override
    public int preference() {
        return -1;
    }

    @Override
    public Availability availability() {
        return new Availability(true, "a test asked for it");
    }

    @Override
    public InferenceEngine open(ModelGraphs graphs, EngineSettings settings) {
        FakeEngine engine = new FakeEngine(settings.limits().within(graphs), settings.lanes(), graphs.maxWidth());
        engine.onRun(batch -> {
            if (batch.rows().stream().anyMatch(row -> row.wordCount() == FAILING_WORDS)) {
                throw EngineException.batchFailed(CanaryTest.CANARY, new IllegalStateException(CanaryTest.CANARY));
            }
            if (batch.rows().stream().anyMatch(row -> row.wordCount() == FAILING_WORDS + 1)) {
                throw new IllegalStateException(CanaryTest.CANARY, new IllegalArgumentException(CanaryTest.CANARY));
            }
        });
        return engine;
    }
}
