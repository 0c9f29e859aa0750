package io.nuner.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Server;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.nuner.client.TroubledService.Trouble;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Many clients do not make an overload or an outage worse. */
class RetryStormTest {
    private static final int FEW = 40;
    private static final int MANY = 200;
    private static final double MOST = 1.1;
    /** A client whose tokens fall from 100 to 50 tries no more: three attempts each for 17 calls. */
    private static final int CALLS_UNTIL_THROTTLED = 17;

    private final TroubledService service = new TroubledService();
    private final List<ExtractionClient> clients = new ArrayList<>();
    private final ExecutorService callers = Executors.newCachedThreadPool();
    private Server server;
    private String name = "";

    @BeforeEach
    void start() throws IOException {
        HealthStatusManager health = new HealthStatusManager();
        health.setStatus("nuner.v1.NerService", ServingStatus.SERVING);
        name = InProcessServerBuilder.generateName();
        server = InProcessServerBuilder.forName(name)
                .addService(service)
                .addService(health.getHealthService())
                .build()
                .start();
    }

    private void connect(int count) {
        for (int client = 0; client < count; client++) {
            clients.add(ExtractionClient.over(InProcessChannelBuilder.forName(name), Duration.ofSeconds(60)));
        }
    }

    @AfterEach
    void disconnect() {
        callers.shutdownNow();
        server.shutdownNow();
        clients.forEach(ExtractionClient::close);
    }

    @Test
    void anOverloadIsNotAmplified() throws Exception {
        connect(FEW);
        service.suffer(Trouble.OVERLOAD);

        int answered = callEachClient(10);

        assertThat(amplification(10)).isLessThanOrEqualTo(MOST);
        assertThat(answered).isGreaterThan(FEW);
    }

    @Test
    void anOutageIsAmplifiedAtItsStartOnly() throws Exception {
        connect(FEW);
        service.suffer(Trouble.OUTAGE);
        callEachClient(CALLS_UNTIL_THROTTLED);
        assertThat(amplification(CALLS_UNTIL_THROTTLED)).isBetween(2.0, 3.0);

        assertThat(callEachClient(20)).isZero();
        assertThat(amplification(20)).isLessThanOrEqualTo(MOST);

        service.suffer(Trouble.NONE);
        assertThat(callEachClient(1)).isEqualTo(FEW);
        assertThat(amplification(1)).isEqualTo(1);
    }

    @Test
    @Tag("long")
    void figures() throws Exception {
        connect(MANY);
        service.suffer(Trouble.OUTAGE);
        callEachClient(CALLS_UNTIL_THROTTLED);
        double start = amplification(CALLS_UNTIL_THROTTLED);
        callEachClient(583);
        double rest = amplification(583);
        System.out.printf(
                "row 26: outage, first %d calls of each client: %.3f; next 583: %.4f; all 600: %.4f%n",
                CALLS_UNTIL_THROTTLED, start, rest, (start * CALLS_UNTIL_THROTTLED + rest * 583) / 600);
        service.suffer(Trouble.NONE);
        long back = System.nanoTime();
        int well = callEachClient(1);
        System.out.printf(
                "row 26: after it %d of %d first calls answered within %d ms%n",
                well, MANY, (System.nanoTime() - back) / 1_000_000);
        service.takeAttempts();
        service.suffer(Trouble.OVERLOAD);
        int answered = callEachClient(500);
        System.out.printf(
                "row 26: overload, 200 clients x 500 calls, 1 of 5 taken: %.4f attempts for a call, %d answered%n",
                amplification(500), answered);
        assertThat(rest).isLessThanOrEqualTo(MOST);
        assertThat(well).isEqualTo(MANY);
    }

    /** Attempts that reached the service for each call, since the last time. */
    private double amplification(int callsOfEach) {
        return (double) service.takeAttempts() / (clients.size() * callsOfEach);
    }

    /** All clients at once, each one call after the other; gives how many were answered. */
    private int callEachClient(int calls) throws Exception {
        List<Callable<Integer>> tasks = new ArrayList<>();
        for (ExtractionClient client : clients) {
            tasks.add(() -> answered(client, calls));
        }
        int answered = 0;
        for (Future<Integer> task : callers.invokeAll(tasks)) {
            answered += task.get();
        }
        return answered;
    }

    private static int answered(ExtractionClient client, int calls) {
        int answered = 0;
        for (int call = 0; call < calls; call++) {
            try {
                client.extract("Ada", Labels.of("person"));
                answered++;
            } catch (ExtractionException e) {
                assertThat(e.code()).isIn(io.grpc.Status.Code.UNAVAILABLE, io.grpc.Status.Code.RESOURCE_EXHAUSTED);
            }
        }
        return answered;
    }
}
