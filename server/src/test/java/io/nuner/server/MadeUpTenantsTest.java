package io.nuner.server;

import static io.nuner.server.RunningServer.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import io.nuner.engine.EngineLimits;
import io.nuner.engine.testing.FakeEngine;
import io.nuner.server.config.ServerConfig;
import io.nuner.server.config.TenancyConfig;
import io.nuner.server.rpc.KeyDigest;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.NerServiceGrpc.NerServiceBlockingStub;
import io.nuner.v1.NerServiceGrpc.NerServiceFutureStub;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A tenant with a key beside a caller who sends a thousand made-up names, over gRPC. Prints the figures. */
@Timeout(60)
class MadeUpTenantsTest {
    private static final Metadata.Key<String> TENANT =
            Metadata.Key.of("nuner-tenant", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> KEY = Metadata.Key.of("nuner-key", Metadata.ASCII_STRING_MARSHALLER);
    private static final ExtractRequest TEXT = request("one two three four", "city");
    private static final int NAMES = 1000;
    private static final ServerConfig CONFIG =
            RunningServer.CONFIG.toBuilder().calibration(Duration.ofMillis(200)).build();
    private static final EngineLimits FOUR_ROWS = new EngineLimits(4, 512, 2048, 100);
    /** Of a batch of four, so that 500 texts a second are possible; the flood is three times as many. */
    private static final long RUN_NANOS = 8_000_000;

    private static final long FLOOD_GAP_NANOS = 660_000;
    private static final int OUTSTANDING = 450;
    private static final int CALLS = 40;

    private final AtomicBoolean over = new AtomicBoolean();
    private final Semaphore places = new Semaphore(OUTSTANDING);

    @Test
    void itIsServedAsBefore() throws Exception {
        TenancyConfig tenancy =
                new TenancyConfig(Map.of("search", 10), Map.of("search", KeyDigest.of("k")), OptionalInt.empty());
        FakeEngine slow = new FakeEngine(FOUR_ROWS, 1);
        slow.onRun(batch -> LockSupport.parkNanos(RUN_NANOS));
        try (RunningServer running =
                RunningServer.start(CONFIG.toBuilder().tenancy(tenancy).build(), slow)) {
            long[] alone = callMany(running);
            Thread flood = new Thread(() -> flood(running), "flood");
            flood.start();
            Waiting.until(() -> running.server.requestsInFlight() > 100);

            long[] beside = callMany(running);

            over.set(true);
            flood.join();
            System.out.printf(
                    "%d of %d in time; alone p50 %d ms, p99 %d ms; beside 1,000 names p50 %d ms, p99 %d ms%n",
                    beside.length, CALLS, millis(alone, 50), millis(alone, 99), millis(beside, 50), millis(beside, 99));
            assertThat(beside.length).as("answered in time").isGreaterThanOrEqualTo(CALLS * 98 / 100);
        } finally {
            over.set(true);
        }
    }

    /** Latencies of calls that were answered, in order. */
    private static long[] callMany(RunningServer running) {
        Metadata metadata = new Metadata();
        metadata.put(KEY, "k");
        NerServiceBlockingStub stub =
                running.stub().withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata));
        long[] latencies = new long[CALLS];
        int answered = 0;
        for (int call = 0; call < CALLS; call++) {
            long start = System.nanoTime();
            try {
                if (stub.withDeadlineAfter(2, TimeUnit.SECONDS).extract(TEXT).hasUsage()) {
                    latencies[answered++] = System.nanoTime() - start;
                }
            } catch (io.grpc.StatusRuntimeException e) {
                // not answered in time
            }
        }
        long[] sorted = Arrays.copyOf(latencies, answered);
        Arrays.sort(sorted);
        return sorted;
    }

    private void flood(RunningServer running) {
        int number = 0;
        while (!over.get()) {
            places.acquireUninterruptibly();
            LockSupport.parkNanos(FLOOD_GAP_NANOS);
            Metadata metadata = new Metadata();
            metadata.put(TENANT, "x" + number++ % NAMES);
            NerServiceFutureStub stub =
                    running.futureStub().withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata));
            stub.withDeadlineAfter(2, TimeUnit.SECONDS).extract(TEXT).addListener(places::release, Runnable::run);
        }
    }

    private static long millis(long[] sorted, int percent) {
        return sorted.length == 0 ? -1 : sorted[(sorted.length - 1) * percent / 100] / 1_000_000;
    }
}
