package io.nuner.server.attack;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.server.RunningServer;
import io.nuner.server.config.DrainConfig;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A server that stops waits for answers that it owes, not for callers who never come to the point. */
class StopUnderAttackTest {
    private static final String EXTRACT = "nuner.v1.NerService/Extract";
    private static final byte[] HALF = RawHttp2.prefixed(1000, new byte[500]);
    private static final Duration GRACE = Duration.ofSeconds(15);

    /** None of these clients answers a ping. */
    @Test
    void neitherHalfMessagesNorUnansweredPingsHoldTheStop() throws Exception {
        RunningServer running = RunningServer.start(RunningServer.CONFIG.toBuilder()
                .drain(new DrainConfig(Duration.ZERO, GRACE))
                .build());
        byte[] whole = RunningServer.request("Anna lives in Rome", "city").toByteArray();
        try (RawHttp2 idle = RawHttp2.connect(running.server.port());
                RawHttp2 honest = RawHttp2.connect(running.server.port());
                RawHttp2 half = RawHttp2.connect(running.server.port())) {
            assertThat(idle.end(idle.callWith(EXTRACT, whole))).containsEntry("grpc-status", "0");
            int call = half.call(EXTRACT);
            half.data(call, HALF, false);
            int late = honest.call(EXTRACT);
            assertThat(half.end(half.callWith(EXTRACT, whole))).containsEntry("grpc-status", "0");
            assertThat(honest.end(honest.callWith(EXTRACT, whole))).containsEntry("grpc-status", "0");
            long start = System.nanoTime();

            CompletableFuture<Void> stopped = CompletableFuture.runAsync(running.server::close);

            honest.data(late, RawHttp2.message(whole), true);
            assertThat(honest.end(late)).as("it comes while the server stops").containsEntry("grpc-status", "0");
            assertThat(half.end(call)).containsEntry("grpc-status", "14");
            stopped.get(GRACE.toSeconds(), TimeUnit.SECONDS);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(GRACE.dividedBy(2));
            assertThat(idle.goodbye()).startsWith("0");
        }
        running.close();
    }
}
