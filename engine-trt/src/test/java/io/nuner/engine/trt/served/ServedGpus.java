package io.nuner.engine.trt.served;

import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.nuner.engine.EngineLimits;
import io.nuner.engine.trt.execution.CaptureSizes;
import io.nuner.engine.trt.testing.FakeDeviceLayer;
import io.nuner.engine.trt.testing.FakeGpuEngine;
import io.nuner.engine.trt.testing.SmallModel;
import io.nuner.model.NerModel;
import io.nuner.model.export.CheckpointExporter;
import io.nuner.model.export.ProgressListener;
import io.nuner.model.testing.Fixtures;
import io.nuner.model.testing.WeightsFormat;
import io.nuner.server.InferenceServer;
import io.nuner.server.ServedModel;
import io.nuner.server.config.DrainConfig;
import io.nuner.server.config.QueueConfig;
import io.nuner.server.config.ServerConfig;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.NerServiceGrpc;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A small model, in float32, on two GPUs that are none, behind a real socket. One thread opens and closes it. */
final class ServedGpus implements AutoCloseable {
    private static final EngineLimits LIMITS = new EngineLimits(16, 512, 4096, 100);
    private static final int LANES = 4;
    private static final ServerConfig CONFIG = ServerConfig.builder()
            .port(0)
            .calibration(Duration.ofMillis(200))
            .queue(
                    new QueueConfig( // a busy machine must not make it refuse a text
                            Duration.ofMinutes(5), QueueConfig.DEFAULT.bulkAging(), QueueConfig.DEFAULT.maxLinger()))
            .drain(new DrainConfig(Duration.ZERO, Duration.ofSeconds(5)))
            .build();

    final FakeDeviceLayer layer = new FakeDeviceLayer(2);
    final CompletableFuture<Throwable> engineLost = new CompletableFuture<>();
    private final NerModel model;
    private final InferenceServer server;
    private final ManagedChannel channel;

    ServedGpus(Path directory) throws Exception {
        Path exported = directory.resolve("exported");
        CheckpointExporter.export(
                Fixtures.MARKER_W1.checkpoint(directory, WeightsFormat.SAFETENSORS), exported, ProgressListener.none());
        model = NerModel.open(exported);
        server = InferenceServer.start(
                CONFIG,
                new ServedModel(model, "fixture"),
                new FakeGpuEngine(layer, FakeGpuEngine.profiles(LIMITS), LANES, CaptureSizes.DEFAULT_MAX_TOKENS)
                        .open(model.graphs(), SmallModel.HIDDEN_SIZE),
                engineLost::complete);
        channel = Grpc.newChannelBuilder("127.0.0.1:" + server.port(), InsecureChannelCredentials.create())
                .build();
    }

    NerServiceGrpc.NerServiceBlockingStub calls() {
        return NerServiceGrpc.newBlockingStub(channel).withDeadlineAfter(120, TimeUnit.SECONDS);
    }

    NerServiceGrpc.NerServiceFutureStub futures() {
        return NerServiceGrpc.newFutureStub(channel).withDeadlineAfter(120, TimeUnit.SECONDS);
    }

    ManagedChannel channel() {
        return channel;
    }

    static ExtractRequest request(String text) {
        return ExtractRequest.newBuilder()
                .setText(text)
                .addAllLabels(List.of("person", "city", "organization"))
                .build();
    }

    @Override
    public void close() {
        channel.shutdownNow();
        server.close();
        model.close();
    }
}
