package io.nuner.cli;

import io.nuner.engine.EngineDescription;
import io.nuner.engine.EngineException;
import io.nuner.engine.EngineLane;
import io.nuner.engine.EngineLimits;
import io.nuner.engine.EngineProvider;
import io.nuner.engine.EngineSettings;
import io.nuner.engine.InferenceEngine;
import io.nuner.engine.Logits;
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
            return batch -> hang();
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

    /** Says that its device has failed. */
    public static final class Faulting extends Provider {
        @Override
        public String name() {
            return "test-faulting";
        }

        @Override
        RunHook breaking() {
            return BrokenEngine::deviceFails;
        }
    }

    /** Says that its device has failed, and then nothing that is the device's can be freed. */
    public static final class Stuck extends Provider {
        @Override
        public String name() {
            return "test-stuck";
        }

        @Override
        RunHook breaking() {
            return BrokenEngine::deviceFails;
        }

        @Override
        public InferenceEngine open(ModelGraphs graphs, EngineSettings settings) {
            return new NeverFreed(super.open(graphs, settings));
        }
    }

    private static void deviceFails(PackedBatch batch) throws EngineException {
        throw EngineException.deviceFailed("scripted", new IllegalStateException());
    }

    /** Native code does not hear an interruption. */
    private static void hang() {
        boolean hangs = true;
        while (hangs) {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                hangs = true;
            }
        }
    }

    private record NeverFreed(InferenceEngine engine) implements InferenceEngine {
        @Override
        public EngineDescription description() {
            return engine.description();
        }

        @Override
        public EngineLimits limits() {
            return engine.limits();
        }

        @Override
        public EngineLane openLane() throws EngineException {
            return new NeverFreedLane(engine.openLane());
        }

        @Override
        public void close() {
            hang();
        }
    }

    private record NeverFreedLane(EngineLane lane) implements EngineLane {
        @Override
        public Logits run(PackedBatch batch) throws EngineException {
            return lane.run(batch);
        }

        @Override
        public void close() {
            hang();
        }
    }
}
