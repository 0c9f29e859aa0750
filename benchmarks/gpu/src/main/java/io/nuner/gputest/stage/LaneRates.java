package io.nuner.gputest.stage;

import io.nuner.engine.EngineException;
import io.nuner.engine.EngineLane;
import io.nuner.engine.PackedBatch;
import io.nuner.gputest.measure.Windows;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Tokens per second of lanes that all run all the time, each on a thread of its own. One thread at a time.
 *
 * <p>A lane's window ends with a whole batch. A lane that has finished its windows goes on, uncounted, until all have.
 */
final class LaneRates {
    private final List<EngineLane> lanes;
    private final List<PackedBatch> batches;
    private final Windows windows;
    private final AtomicInteger unfinished;

    private LaneRates(List<EngineLane> lanes, List<PackedBatch> batches, Windows windows) {
        this.lanes = lanes;
        this.batches = batches;
        this.windows = windows;
        unfinished = new AtomicInteger(lanes.size());
    }

    /** The rate of all lanes together in each window. */
    static double[] measure(List<EngineLane> lanes, List<PackedBatch> batches, Windows windows)
            throws InterruptedException, EngineException {
        return new LaneRates(lanes, batches, windows).measure();
    }

    private double[] measure() throws InterruptedException, EngineException {
        ExecutorService threads = Executors.newFixedThreadPool(lanes.size());
        try {
            List<Future<double[]>> rates = new ArrayList<>();
            for (int i = 0; i < lanes.size(); i++) {
                int lane = i;
                rates.add(threads.submit(() -> run(lane)));
            }
            double[] sum = new double[windows.count()];
            for (Future<double[]> rate : rates) {
                double[] one = result(rate);
                for (int window = 0; window < sum.length; window++) {
                    sum[window] += one[window];
                }
            }
            return sum;
        } finally {
            threads.shutdownNow();
        }
    }

    private static double[] result(Future<double[]> rate) throws InterruptedException, EngineException {
        try {
            return rate.get();
        } catch (ExecutionException e) {
            throw EngineException.batchFailed("a lane failed: " + e.getMessage(), e);
        }
    }

    private double[] run(int number) throws EngineException {
        try (Turn turn = new Turn(lanes.get(number), number)) {
            turn.rate(windows.warmUpSeconds());
            double[] rates = new double[windows.count()];
            for (int window = 0; window < rates.length; window++) {
                rates[window] = turn.rate(windows.seconds());
            }
            turn.finished();
            while (unfinished.get() > 0) {
                turn.runNext();
            }
            return rates;
        }
    }

    /** One lane going round the batches. A lane that fails counts as finished, since the others wait for it. */
    private final class Turn implements AutoCloseable {
        private final EngineLane lane;
        private int next;
        private boolean counted;

        Turn(EngineLane lane, int number) {
            this.lane = lane;
            next = number * batches.size() / lanes.size();
        }

        int runNext() throws EngineException {
            PackedBatch batch = batches.get(next);
            next = (next + 1) % batches.size();
            lane.run(batch);
            return batch.tokenCount();
        }

        double rate(double seconds) throws EngineException {
            long start = System.nanoTime();
            long tokens = 0;
            double elapsed = 0;
            do {
                tokens += runNext();
                elapsed = (System.nanoTime() - start) / 1e9;
            } while (elapsed < seconds);
            return tokens / elapsed;
        }

        void finished() {
            if (!counted) {
                counted = true;
                unfinished.decrementAndGet();
            }
        }

        @Override
        public void close() {
            finished();
        }
    }
}
