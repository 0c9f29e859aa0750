package io.nuner.micro;

import com.sun.management.ThreadMXBean;
import io.nuner.engine.EngineCells;
import io.nuner.engine.EngineLimits;
import io.nuner.engine.RowLogits;
import io.nuner.engine.TokenRow;
import io.nuner.server.batching.Admission;
import io.nuner.server.batching.Admission.Permit;
import io.nuner.server.batching.AdmissionGate;
import io.nuner.server.batching.Backlog;
import io.nuner.server.batching.Batch;
import io.nuner.server.batching.BatchPolicy;
import io.nuner.server.batching.BatchRun;
import io.nuner.server.batching.Batcher;
import io.nuner.server.batching.BatcherEvent;
import io.nuner.server.batching.BatcherRing;
import io.nuner.server.batching.Lane;
import io.nuner.server.batching.PendingRequest;
import io.nuner.server.batching.Refusal;
import io.nuner.server.batching.Reply;
import io.nuner.server.batching.Tenants;
import io.nuner.server.batching.Urgency;
import io.nuner.server.costs.CostModel;
import io.nuner.server.costs.CostTerms;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Requests a second through gate, ring and batcher, with an engine that costs nothing.
 *
 * <p>Claims under test: at least a million requests a second with writer and batcher on one core ({@code taskset -c 0}), and
 * the batcher's thread allocates nothing. {@code benchmarks/batcher.sh} runs it.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class BatcherThroughput {
    private static final EngineLimits LIMITS = new EngineLimits(16, 512, 4096, 100);
    private static final int RING_SLOTS = 1024;
    private static final int IN_FLIGHT = 512;
    private static final long PAUSE_NANOS = 20_000;
    private static final int[] LENGTHS = {24, 31, 38, 40, 52, 64, 77, 90, 120, 180, 260, 400};
    private static final RowLogits LOGITS = RowLogits.wrap(1, 1, 1, new float[1]);
    private static final BatchRun RUN = new BatchRun(0, 1, 1, 1, 1);

    /** One text that is admitted, published, batched and answered. */
    @Benchmark
    public void request(Pipeline pipeline, Allocated allocated) {
        pipeline.submit();
        allocated.read(pipeline);
    }

    /** The whole way, and a lane that answers at once on the batcher's thread. */
    @State(Scope.Benchmark)
    public static class Pipeline {
        private final Tenants tenants = new Tenants(Map.of(), 0);
        private final Backlog backlog = new Backlog();
        private final AdmissionGate gate =
                new AdmissionGate(new AdmissionGate.Limits(IN_FLIGHT, 1L << 40, Long.MAX_VALUE / 4), tenants, backlog);
        private final TokenRow[] rows = new TokenRow[LENGTHS.length];
        private BatcherRing ring = start();
        private volatile long batcherThread;
        private int next;

        /** How long a batch takes by the cost model: dense layers, and attention on padded rows. */
        private static CostModel costs() {
            return new CostModel(new CostTerms(1000, 10, 0, 10, 0.01), EngineCells.ANY);
        }

        private BatcherRing start() {
            Batcher batcher =
                    new Batcher(BatchPolicy.of(LIMITS, costs(), 1), backlog, Batcher.Observer.none(), System::nanoTime);
            return BatcherRing.start(batcher, RING_SLOTS, this::batcherThread, fault -> {});
        }

        private Thread batcherThread(Runnable work) {
            return new Thread(work, "batcher");
        }

        /** Makes the rows and frees the lane. */
        @Setup(Level.Trial)
        public void open() {
            for (int i = 0; i < rows.length; i++) {
                rows[i] = TokenRow.copyOf(new int[LENGTHS[i]], new int[] {0}, new int[] {0});
            }
            ring.put(new BatcherEvent.LaneFreed(new InstantLane()));
        }

        /** Ends the batcher's thread. */
        @TearDown(Level.Trial)
        public void close() {
            ring.close();
        }

        private void submit() {
            long now = System.nanoTime();
            Admission admission = gate.enter(tenants.unnamed(), Urgency.INTERACTIVE, now, now + 10_000_000_000L);
            while (!(admission instanceof Permit)) {
                LockSupport.parkNanos(PAUSE_NANOS);
                now = System.nanoTime();
                admission = gate.enter(tenants.unnamed(), Urgency.INTERACTIVE, now, now + 10_000_000_000L);
            }
            Permit permit = (Permit) admission;
            TokenRow row = rows[next];
            next = next + 1 == rows.length ? 0 : next + 1;
            permit.takeTokens(row.tokenCount());
            PendingRequest request =
                    new PendingRequest(row, now, now + 10_000_000_000L, new Reply(permit, Nobody.NOBODY));
            ring.put(request);
        }

        private final class InstantLane implements Lane {
            private final Batch batch = new Batch(LIMITS.maxRows());
            private final BatcherEvent.LaneFreed freed = new BatcherEvent.LaneFreed(this);

            @Override
            public Batch batch() {
                return batch;
            }

            @Override
            public void start() {
                batcherThread = Thread.currentThread().getId();
                for (int row = 0; row < batch.size(); row++) {
                    batch.get(row).reply().score(LOGITS, RUN);
                }
                batch.ran(1);
                ring.offer(freed);
            }
        }
    }

    /** Bytes that the batcher's thread allocated in an iteration. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Allocated {
        private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        private static final int EVERY = 1 << 16;

        /** The counter that JMH prints. */
        public long batcherBytes;

        private long calls;
        private long before = -1;

        private void read(Pipeline pipeline) {
            if (++calls % EVERY != 0) {
                return;
            }
            long bytes = THREADS.getThreadAllocatedBytes(pipeline.batcherThread);
            batcherBytes += before < 0 ? 0 : bytes - before;
            before = bytes;
        }
    }

    private enum Nobody implements Reply.Receiver {
        NOBODY;

        @Override
        public void onScored(RowLogits logits, BatchRun run) {
            // nobody listens
        }

        @Override
        public void onRefused(Refusal refusal) {
            // nobody listens
        }
    }
}
