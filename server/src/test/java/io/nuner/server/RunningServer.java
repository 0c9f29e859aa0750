package io.nuner.server;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.nuner.engine.EngineException;
import io.nuner.engine.EngineLimits;
import io.nuner.engine.testing.FakeEngine;
import io.nuner.server.config.DrainConfig;
import io.nuner.server.config.ServerConfig;
import io.nuner.server.transport.TransportConfig;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.NerServiceGrpc;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A server on loopback with a scriptable engine, and a channel to it. */
public final class RunningServer implements AutoCloseable {
    public static final EngineLimits LIMITS = new EngineLimits(16, 512, 4096, 100);
    public static final ServerConfig CONFIG = ServerConfig.builder()
            .port(0)
            .drain(new DrainConfig(Duration.ZERO, Duration.ofSeconds(10)))
            .build();

    public final FakeEngine engine;
    public final CompletableFuture<Throwable> engineLost = new CompletableFuture<>();
    public final InferenceServer server;
    public final ManagedChannel channel;

    private RunningServer(ServerConfig config, FakeEngine engine) throws IOException, EngineException {
        this.engine = engine;
        server = InferenceServer.start(config, new FakeTextModel(), engine, engineLost::complete);
        engine.forgetBatches();
        channel = NettyChannelBuilder.forAddress("127.0.0.1", server.port())
                .usePlaintext()
                .build();
    }

    public static RunningServer start() throws IOException, EngineException {
        return start(CONFIG);
    }

    public static RunningServer start(ServerConfig config) throws IOException, EngineException {
        return start(config, new FakeEngine(LIMITS, 1));
    }

    public static RunningServer start(ServerConfig config, FakeEngine engine) throws IOException, EngineException {
        return new RunningServer(config, engine);
    }

    /** The same with connections that are old after about a second, which is the least that gRPC knows. */
    public static ServerConfig aging(ServerConfig config) {
        TransportConfig.Times times = config.transport().times();
        TransportConfig.Times shorter = new TransportConfig.Times(
                times.handshake(), times.keepaliveMin(), times.silence(), times.maxIdle(), Duration.ofSeconds(1));
        return config.toBuilder()
                .transport(config.transport().withTimes(shorter))
                .build();
    }

    public NerServiceGrpc.NerServiceBlockingStub stub() {
        return NerServiceGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS);
    }

    public NerServiceGrpc.NerServiceFutureStub futureStub() {
        return NerServiceGrpc.newFutureStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS);
    }

    /** Texts whose fate is counted. */
    public double requestsCounted() {
        try {
            return Scrape.of(this).sum("nuner_requests_total");
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** From now on, runs wait until the latch opens; interruption lets them go on. */
    public void holdRuns(CountDownLatch started, CountDownLatch release) {
        engine.onRun(batch -> {
            started.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    public static ExtractRequest request(String text, String... labels) {
        return ExtractRequest.newBuilder()
                .setText(text)
                .addAllLabels(java.util.List.of(labels))
                .build();
    }

    @Override
    public void close() {
        channel.shutdownNow();
        server.close();
    }
}
