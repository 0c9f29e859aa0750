package io.nuner.cli;

import io.nuner.engine.EngineException;
import io.nuner.engine.EngineProvider;
import io.nuner.engine.EngineSettings;
import io.nuner.engine.InferenceEngine;
import io.nuner.engine.ModelGraphs;
import io.nuner.engine.PackedBatch;
import io.nuner.engine.testing.FakeEngine;
import io.nuner.engine.testing.RunHook;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/** Engines without a model that break when they see a certain shape, and stay broken. On the test class path only. */
public final class BrokenEngine {
    /** Seven labels, three words: nothing but a test asks that. */
    static final List<String> FATAL_LABELS = List.of("a", "b", "c", "d", "e", "f", "g");

    static final String FATAL_TEXT = "break now please";

    private BrokenEngine() {}

    private static boolean isFatal(PackedBatch batch) {
        return batch.rows().stream().anyMatch(row -> row.wordCount() == 3 && row.labelCount() == FATAL_LABELS.size());
    }

    abstract static class Provider implements EngineProvider {
        private final AtomicBoolean broken = new AtomicBoolean();

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
            RunHook breaking = breaking();
            engine.onRun(batch -> {
                if (isFatal(batch)) {
                    broken.set(true);
                }
                if (broken.get()) {
                    breaking.beforeRun(batch);
                }
            });
            return engine;
        }

        abstract RunHook breaking();
    }

    /** Does not come back. */
    public static final class Hanging extends Provider {
        @Override
        public String name() {
            return "test-hanging";
        }

        @Override
        RunHook breaking() {
            return batch -> {
                boolean hangs = true;
                while (hangs) {
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        hangs = true; // native code does not hear it
                    }
                }
            };
        }
    }

    /** Says that it is gone. */
    public static final class Dying extends Provider {
        @Override
        public String name() {
            return "test-dying";
        }

        @Override
        RunHook breaking() {
            return batch -> {
                throw EngineException.engineLost("scripted", new IllegalStateException());
            };
        }
    }
}
