package io.nuner.server.parity;

import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.nuner.engine.EngineLimits;
import io.nuner.engine.EngineSettings;
import io.nuner.engine.onnx.OnnxEngineProvider;
import io.nuner.model.NerModel;
import io.nuner.model.export.CheckpointExporter;
import io.nuner.model.testing.Fixtures;
import io.nuner.model.testing.WeightsFormat;
import io.nuner.server.InferenceServer;
import io.nuner.server.ServedModel;
import io.nuner.server.config.ServerConfig;
import io.nuner.v1.NerServiceGrpc;
import java.nio.file.Path;
import java.time.Duration;

/** A reference checkpoint, exported, and served over a real socket. One thread opens and closes it. */
final class ServedFixture implements AutoCloseable {
    private final NerModel model;
    private final InferenceServer server;
    private final ManagedChannel channel;

    private ServedFixture(NerModel model, InferenceServer server) {
        this.model = model;
        this.server = server;
        channel = Grpc.newChannelBuilder("127.0.0.1:" + server.port(), InsecureChannelCredentials.create())
                .build();
    }

    static ServedFixture serve(Fixtures fixture, WeightsFormat format, Path scratch) throws Exception {
        return serve(fixture.checkpoint(scratch, format), scratch.resolve(fixture + "-" + format));
    }

    /** Exports any checkpoint and serves it. */
    static ServedFixture serve(Path checkpoint, Path exported) throws Exception {
        CheckpointExporter.export(checkpoint, exported, (stage, done, total) -> {});
        NerModel model = NerModel.open(exported);
        EngineSettings settings = new EngineSettings(new EngineLimits(16, 4096, 16_384, 100), 2, 1);
        InferenceServer server = InferenceServer.start(
                ServerConfig.builder().port(0).calibration(Duration.ZERO).build(),
                new ServedModel(model, "fixture"),
                new OnnxEngineProvider().open(model.graphs(), settings),
                fault -> {});
        return new ServedFixture(model, server);
    }

    NerServiceGrpc.NerServiceBlockingStub calls() {
        return NerServiceGrpc.newBlockingStub(channel);
    }

    NerServiceGrpc.NerServiceFutureStub futures() {
        return NerServiceGrpc.newFutureStub(channel);
    }

    @Override
    public void close() {
        channel.shutdownNow();
        server.close();
        model.close();
    }
}
