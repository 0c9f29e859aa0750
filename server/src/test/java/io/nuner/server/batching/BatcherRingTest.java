package io.nuner.server.batching;

import static io.nuner.server.batching.Requests.FAR;
import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.engine.EngineCells;
import io.nuner.engine.EngineLimits;
import io.nuner.server.costs.CostModel;
import io.nuner.server.costs.CostTerms;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BatcherRingTest {
    private final Requests requests = new Requests();
    private final List<Throwable> defects = new CopyOnWriteArrayList<>();
    private final List<Thread> threads = new CopyOnWriteArrayList<>();

    @Test
    void aFullRingRefusesInsteadOfBlocking() throws InterruptedException {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        try (BatcherRing ring = start(4)) {
            ring.offer(new BatcherEvent.LaneFreed(new FakeLane(1, batch -> {
                entered.countDown();
                awaitQuietly(release);
            })));
            ring.offer(requests.request(5, System.nanoTime() + FAR).pending);
            assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();

            int accepted = 0;
            while (ring.offer(requests.request(5, System.nanoTime() + FAR).pending)) {
                accepted++;
            }

            assertThat(accepted).isBetween(1, 4);
            release.countDown();
        }
    }

    @Test
    void anExceptionInTheBatcherDoesNotWedgeTheRing() throws InterruptedException {
        CountDownLatch ran = new CountDownLatch(1);
        try (BatcherRing ring = start(4)) {
            for (int i = 0; i < 100; i++) {
                ring.put(new BatcherEvent.LaneFreed(new FakeLane(1, batch -> {
                    throw new IllegalStateException("broken lane");
                })));
                ring.put(requests.request(5, System.nanoTime() + FAR).pending);
            }
            ring.put(new BatcherEvent.LaneFreed(new FakeLane(1, batch -> ran.countDown())));
            ring.put(requests.request(5, System.nanoTime() + FAR).pending);

            assertThat(ran.await(10, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(defects).isNotEmpty();
    }

    @Test
    void anInterruptionOfTheBatchersThreadLosesNothing() throws InterruptedException {
        CountDownLatch left = new CountDownLatch(1000);
        try (BatcherRing ring = start(2048)) {
            Thread batcherThread = threads.get(0);
            for (int i = 0; i < 1000; i++) {
                batcherThread.interrupt();
                ring.put(new BatcherEvent.LaneFreed(new FakeLane(1, batch -> left.countDown())));
                ring.put(requests.request(5, System.nanoTime() + FAR).pending);
                batcherThread.interrupt();
            }

            assertThat(left.await(10, TimeUnit.SECONDS))
                    .as("every text left with a lane")
                    .isTrue();
        }
        assertThat(defects).isEmpty();
    }

    @Test
    void aReportThatFailsDoesNotEndTheBatcher() throws InterruptedException {
        CountDownLatch ran = new CountDownLatch(1);
        Batcher batcher = new Batcher(policy(), requests.backlog, Batcher.Observer.none(), System::nanoTime);
        try (BatcherRing ring = BatcherRing.start(batcher, 4, Thread::new, fault -> {
            throw new IllegalStateException("broken report", fault);
        })) {
            ring.put(new BatcherEvent.LaneFreed(new FakeLane(1, batch -> {
                throw new IllegalStateException("broken lane");
            })));
            ring.put(requests.request(5, System.nanoTime() + FAR).pending);
            ring.put(new BatcherEvent.LaneFreed(new FakeLane(1, batch -> ran.countDown())));
            ring.put(requests.request(5, System.nanoTime() + FAR).pending);

            assertThat(ran.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    private BatcherRing start(int slots) {
        Batcher batcher = new Batcher(policy(), requests.backlog, Batcher.Observer.none(), System::nanoTime);
        return BatcherRing.start(batcher, slots, this::newThread, defects::add);
    }

    private Thread newThread(Runnable work) {
        Thread thread = new Thread(work);
        threads.add(thread);
        return thread;
    }

    private static BatchPolicy policy() {
        CostModel costs = new CostModel(new CostTerms(0, 0, 0, 0, 0), EngineCells.ANY);
        return BatchPolicy.of(new EngineLimits(1, 100, 100, 10), costs, 1);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
