package io.nuner.server;

import static io.nuner.server.RunningServer.request;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.ListenableFuture;
import com.sun.management.ThreadMXBean;
import io.nuner.server.config.ServerConfig;
import io.nuner.server.texts.CallDeadline;
import io.nuner.v1.ExtractBatchRequest;
import io.nuner.v1.ExtractBatchResponse;
import io.nuner.v1.ExtractResponse;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The batcher refuses, but others build and write what callers are told. */
class BatcherThreadTest {
    private static final int CALLS = 12;
    private static final int TEXTS = 32;

    @Test
    void refusalsAllocateNothingOnIt() throws Exception {
        ServerConfig config = RunningServer.CONFIG.toBuilder()
                .deadline(new CallDeadline(Duration.ofMillis(400), Duration.ofMillis(400)))
                .build();
        CountDownLatch release = new CountDownLatch(1);
        try (RunningServer running = RunningServer.start(config)) {
            CountDownLatch started = new CountDownLatch(1);
            running.holdRuns(started, release);
            ListenableFuture<ExtractResponse> inEngine = running.futureStub().extract(request("one", "city"));
            started.await();
            long batcher = Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().startsWith("batcher"))
                    .mapToLong(Thread::getId)
                    .max() // the newest, if another test's server is still stopping
                    .orElseThrow();
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            refuse(running); // classes are loaded
            long before = threads.getThreadAllocatedBytes(batcher);

            int refused = refuse(running);

            long bytes = threads.getThreadAllocatedBytes(batcher) - before;
            assertThat(refused).isGreaterThan(CALLS * TEXTS / 2);
            assertThat(bytes / refused).as("bytes for each refusal").isLessThan(100);
            assertThat(inEngine).isNotDone();
            release.countDown();
        } finally {
            release.countDown();
        }
    }

    /** Texts that wait until their deadline has passed. */
    private static int refuse(RunningServer running) throws Exception {
        ExtractBatchRequest.Builder batch = ExtractBatchRequest.newBuilder();
        for (int text = 0; text < TEXTS; text++) {
            batch.addRequests(request("one two", "city"));
        }
        List<ListenableFuture<ExtractBatchResponse>> calls = new ArrayList<>();
        for (int call = 0; call < CALLS; call++) {
            calls.add(running.futureStub().extractBatch(batch.build()));
        }
        int refused = 0;
        for (ListenableFuture<ExtractBatchResponse> call : calls) {
            refused += (int) call.get(20, TimeUnit.SECONDS).getItemsList().stream()
                    .filter(item -> item.getError().getMessage().startsWith("the deadline passed"))
                    .count();
        }
        return refused;
    }
}
