package io.nuner.client;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;

/** A healthy server in this process that serves a fake, and a client of it. */
final class InProcess implements AutoCloseable {
    private final Server server;
    private final ExtractionClient client;

    InProcess(BindableService service, Duration timeout) {
        HealthStatusManager health = new HealthStatusManager();
        health.setStatus("nuner.v1.NerService", ServingStatus.SERVING);
        String name = InProcessServerBuilder.generateName();
        server = InProcessServerBuilder.forName(name)
                .addService(service)
                .addService(health.getHealthService())
                .build();
        try {
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        client = ExtractionClient.over(InProcessChannelBuilder.forName(name), timeout);
    }

    ExtractionClient client() {
        return client;
    }

    @Override
    public void close() {
        client.close();
        server.shutdownNow();
    }
}
