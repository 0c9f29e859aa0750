package io.nuner.server.execution;

import io.nuner.engine.EngineLimits;
import io.nuner.engine.testing.FakeEngine;
import io.nuner.server.batching.Admission.Permit;
import io.nuner.server.batching.AdmissionGate;
import io.nuner.server.batching.Backlog;
import io.nuner.server.batching.BatchPolicy;
import io.nuner.server.batching.Batcher;
import io.nuner.server.batching.BatcherEvent;
import io.nuner.server.batching.BatcherRing;
import io.nuner.server.batching.Tenants;
import io.nuner.server.batching.Urgency;
import io.nuner.server.costs.CostModel;
import io.nuner.server.costs.CostTerms;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Gate, ring, batcher, lanes and decode threads around a scripted engine, without a network. Any thread. */
final class LaneRig implements AutoCloseable {
    static final RunLimits PATIENT = new RunLimits(TimeUnit.HOURS.toNanos(1), TimeUnit.HOURS.toNanos(2));
    private static final EngineLimits LIMITS = new EngineLimits(8, 64, 512, 4);

    final FakeEngine engine;
    final AdmissionGate gate;
    final BatcherRing ring;
    final EngineLanes lanes;
    /** What the engine's watch was told, by kind. */
    final List<String> told = new CopyOnWriteArrayList<>();

    private final Tenants tenants = new Tenants(Map.of(), 0);
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private final ExecutorService decode = Executors.newFixedThreadPool(2, quietThreads("decode"));

    /**
     * A running rig.
     *
     * @param pauses where threads are held up
     * @param onTold called whenever the watch is told something; what it throws, the watch throws
     */
    LaneRig(int laneCount, RunLimits limits, Pauses pauses, Consumer<String> onTold) throws Exception {
        engine = new FakeEngine(LIMITS, laneCount);
        Backlog backlog = new Backlog();
        gate = new AdmissionGate(new AdmissionGate.Limits(100_000, 10_000_000, Long.MAX_VALUE / 4), tenants, backlog);
        CostModel costs = new CostModel(new CostTerms(0, 0, 0, 0, 0), engine.cells());
        Batcher batcher =
                new Batcher(BatchPolicy.of(LIMITS, costs, laneCount), backlog, pauses.observer(), pauses.inRing());
        ring = BatcherRing.start(batcher, 131_072, quietThreads("batcher"), fault -> told.add("batcher: " + fault));
        DecodeStage stage = new DecodeStage(
                task -> decode.execute(() -> {
                    pauses.maybe();
                    task.run();
                }),
                System::nanoTime,
                fault -> told.add("decode: " + fault));
        EngineWatch watch = new RecordedWatch(onTold);
        lanes = new EngineLanes(
                engine,
                limits,
                new EngineLanes.Crew(
                        ring, stage, watch, quietThreads("lane"), quietThreads("watchdog"), System::nanoTime));
        for (int lane = 0; lane < laneCount; lane++) {
            lanes.add(engine.openLane());
        }
        lanes.watch();
    }

    /** A share of the gate with so many tokens. */
    Permit enter(int tokens) {
        long now = System.nanoTime();
        Permit permit = (Permit) gate.enter(tenants.unnamed(), Urgency.INTERACTIVE, now, Long.MAX_VALUE / 4 + now);
        if (!permit.takeTokens(tokens)) {
            throw new AssertionError("the gate is too small for the test");
        }
        return permit;
    }

    @Override
    public void close() {
        lanes.stop(Duration.ofSeconds(5));
        ring.close();
        decode.shutdownNow();
        engine.close();
    }

    /** Of the batcher, the lanes, their watchdog and the decoding. */
    List<Thread> threads() {
        return threads;
    }

    private ThreadFactory quietThreads(String name) {
        return work -> {
            Thread thread = new Thread(work, name);
            threads.add(thread);
            thread.setDaemon(true);
            thread.setUncaughtExceptionHandler((dead, fault) -> {});
            return thread;
        };
    }

    private final class RecordedWatch implements EngineWatch {
        private final Consumer<String> onTold;

        private RecordedWatch(Consumer<String> onTold) {
            this.onTold = onTold;
        }

        private void hear(String what) {
            told.add(what);
            onTold.accept(what);
        }

        @Override
        public void batchFailed(Throwable fault) {
            hear("batch failed");
        }

        @Override
        public void defect(Throwable fault) {
            hear("defect");
        }

        @Override
        public void laneTrouble(String kind, Throwable place) {
            hear(kind);
        }

        @Override
        public void serving(boolean welcome) {
            hear(welcome ? "serving" : "not serving");
        }

        @Override
        public void engineLost(Throwable fault) {
            ring.put(new BatcherEvent.EngineLost());
            hear("engine lost");
        }
    }

    /** Where threads are held up, and who watches batches leave. */
    interface Pauses {
        /** Holds the calling thread up, or not. */
        void maybe();

        /** The batcher's clock. */
        default java.util.function.LongSupplier inRing() {
            return () -> {
                maybe();
                return System.nanoTime();
            };
        }

        /** Watches batches leave. */
        default Batcher.Observer observer() {
            return Batcher.Observer.none();
        }

        static Pauses none() {
            return () -> {};
        }
    }
}
