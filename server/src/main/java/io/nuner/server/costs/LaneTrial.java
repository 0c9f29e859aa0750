package io.nuner.server.costs;

import io.nuner.engine.EngineException;
import io.nuner.engine.EngineLane;
import io.nuner.engine.EngineLimits;
import io.nuner.engine.InferenceEngine;
import io.nuner.engine.PackedBatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Two engines with the same model on the same processor, one with fewer lanes, compared while all their lanes run batches.
 * Immutable.
 *
 * @param fewer the engine with fewer lanes, each of more threads
 * @param more the engine with more lanes
 */
public record LaneTrial(Side fewer, Side more) {
    /** More lanes make a single text slower, so they must gain this much under load. */
    private static final double LEAST_GAIN = 1.1;

    private static final int ROWS = 4;
    private static final int ROW_TOKENS = 64;
    private static final int ROUNDS = 5;
    private static final int SIDES = 2;

    /**
     * Runs both by turns and takes medians of up to {@value #ROUNDS} rounds. Their lanes are opened for it, and closed.
     *
     * @param budget about how long it takes; one round is run in any case
     * @throws EngineException if a lane cannot be opened or a batch fails
     */
    public static LaneTrial of(InferenceEngine fewer, InferenceEngine more, Duration budget) throws EngineException {
        try (Runner first = Runner.open(fewer);
                Runner second = Runner.open(more)) {
            first.warmUp();
            second.warmUp();
            long turnNanos = budget.toNanos() / (ROUNDS * SIDES);
            long end = System.nanoTime() + budget.toNanos();
            for (int round = 0; round == 0 || (round < ROUNDS && System.nanoTime() - end < 0); round++) {
                first.run(turnNanos);
                second.run(turnNanos);
            }
            return new LaneTrial(first.result(), second.result());
        }
    }

    /** Whether the engine with more lanes is worth its slower single texts. */
    public boolean takesMore() {
        return more.tokensPerSecond() >= LEAST_GAIN * fewer.tokensPerSecond();
    }

    /** In words, for the log. */
    public String line() {
        return "lanes tried: " + fewer + "; " + more + "; taken: " + (takesMore() ? more : fewer).lanes();
    }

    /**
     * What one engine did. Immutable.
     *
     * @param lanes batches that ran at the same time
     * @param tokensPerSecond of all lanes together
     */
    public record Side(int lanes, double tokensPerSecond) {
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%d with %.0f tokens/s", lanes, tokensPerSecond);
        }
    }

    /** The lanes of one engine, each with a thread. One thread at a time. */
    private static final class Runner implements AutoCloseable {
        private final List<EngineLane> lanes = new ArrayList<>();
        private final List<Double> rates = new ArrayList<>();
        private final ExecutorService threads;
        private final PackedBatch batch;

        private Runner(int lanes, PackedBatch batch) {
            threads = Executors.newFixedThreadPool(lanes);
            this.batch = batch;
        }

        static Runner open(InferenceEngine engine) throws EngineException {
            int count = engine.description().lanes();
            Runner runner = new Runner(count, new SyntheticRows(engine.limits()).batch(shape(engine.limits())));
            try {
                while (runner.lanes.size() < count) {
                    runner.lanes.add(engine.openLane());
                }
                return runner;
            } catch (EngineException | RuntimeException | Error e) {
                runner.close();
                throw e;
            }
        }

        private static BatchShape shape(EngineLimits limits) {
            int length = Math.min(ROW_TOKENS, Math.min(limits.maxRowTokens(), limits.maxBatchTokens()));
            int rows = Math.min(ROWS, Math.min(limits.maxRows(), limits.maxBatchTokens() / length));
            return BatchShape.full(Math.max(1, rows), length);
        }

        void warmUp() throws EngineException {
            run(0);
            rates.clear();
        }

        /** Keeps all lanes running for a time, for a batch each at least. */
        void run(long nanos) throws EngineException {
            long start = System.nanoTime();
            List<Callable<Integer>> turns =
                    lanes.stream().map(lane -> turn(lane, start + nanos)).toList();
            long tokens = (long) sum(turns) * batch.tokenCount();
            rates.add(tokens * 1e9 / (System.nanoTime() - start));
        }

        private Callable<Integer> turn(EngineLane lane, long end) {
            return () -> {
                int runs = 0;
                do {
                    lane.run(batch);
                    runs++;
                } while (System.nanoTime() - end < 0);
                return runs;
            };
        }

        private int sum(List<Callable<Integer>> turns) throws EngineException {
            try {
                int sum = 0;
                for (Future<Integer> runs : threads.invokeAll(turns)) {
                    sum += runs.get();
                }
                return sum;
            } catch (ExecutionException e) {
                throw EngineException.batchFailed("a batch of the trial of lanes failed", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw EngineException.batchFailed("the trial of lanes was interrupted", e);
            }
        }

        Side result() {
            List<Double> sorted = rates.stream().sorted().toList();
            return new Side(lanes.size(), sorted.get(sorted.size() / 2));
        }

        @Override
        public void close() {
            threads.shutdown();
            boolean interrupted = false;
            while (!threads.isTerminated()) { // a lane must not be closed while it runs
                try {
                    threads.awaitTermination(1, TimeUnit.MINUTES);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            lanes.forEach(EngineLane::close);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
