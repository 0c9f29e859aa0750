package io.nuner.server;

import static io.nuner.server.RunningServer.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.util.concurrent.ListenableFuture;
import io.nuner.engine.testing.FakeEngine;
import io.nuner.server.config.MetricsConfig;
import io.nuner.server.config.ServerConfig;
import io.nuner.v1.ExtractResponse;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The operator's port, by HTTP. */
class MetricsEndpointTest {
    private static final ServerConfig CONFIG =
            RunningServer.CONFIG.toBuilder().metrics(MetricsConfig.on(0)).build();

    @Test
    void metricsAreTextInPrometheusFormat() throws Exception {
        try (RunningServer running = RunningServer.start(CONFIG)) {
            HttpResponse<String> response = Scrape.get(running, "/metrics");

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("Content-Type"))
                    .hasValue("text/plain; version=0.0.4; charset=utf-8");
            Scrape scrape = Scrape.parse(response.body());
            assertThat(scrape.value("nuner_info{engine=\"fake\",model=\"fake\",version=\"development\"}"))
                    .isEqualTo(1);
            assertThat(scrape.value("process_resident_memory_bytes")).isGreaterThan(1e6);
            assertThat(scrape.sum("jvm_memory_used_bytes")).isGreaterThan(1e6);
            assertThat(scrape.value("jvm_threads_live_threads")).isPositive();
            assertThat(scrape.value("process_files_open_files")).isPositive();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/metrics/", "/metrics/more", "/health", "/METRICS", "/../metrics"})
    void thereIsNothingElse(String path) throws Exception {
        try (RunningServer running = RunningServer.start(CONFIG)) {
            assertThat(Scrape.get(running, path).statusCode()).isEqualTo(404);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "PATCH"})
    void itCanOnlyBeRead(String method) throws Exception {
        try (RunningServer running = RunningServer.start(CONFIG)) {
            HttpResponse<String> response = Scrape.send(running, "/metrics", method);

            assertThat(response.statusCode()).isEqualTo(405);
            assertThat(response.headers().firstValue("Allow")).hasValue("GET, HEAD");
        }
    }

    @Test
    void aDrainingServerIsAliveButNotReady() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        try (RunningServer running = RunningServer.start(CONFIG)) {
            assertThat(Scrape.get(running, "/health/ready").body()).isEqualTo("serving\n");
            assertThat(Scrape.get(running, "/health/ready").statusCode()).isEqualTo(200);
            running.holdRuns(started, release);
            ListenableFuture<ExtractResponse> inFlight = running.futureStub().extract(request("one", "city"));
            started.await();

            CompletableFuture<Void> closed = CompletableFuture.runAsync(running.server::close);
            Waiting.until(() -> statusOf(running, "/health/ready") == 503);
            int alive = statusOf(running, "/health/live");
            release.countDown();
            inFlight.get(20, TimeUnit.SECONDS);
            closed.get(20, TimeUnit.SECONDS);

            assertThat(alive).isEqualTo(200);
            assertThatThrownBy(() -> Scrape.get(running, "/health/live")).isInstanceOf(ConnectException.class);
        }
    }

    private static int statusOf(RunningServer running, String path) {
        try {
            return Scrape.get(running, path).statusCode();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void connectionsThatSendNothingKeepNobodyFromReading() throws Exception {
        List<Socket> idle = new ArrayList<>();
        try (RunningServer running = RunningServer.start(CONFIG)) {
            for (int i = 0; i < 40; i++) {
                idle.add(new Socket(InetAddress.getLoopbackAddress(), running.server.metricsPort()));
            }

            assertThat(Scrape.of(running).value("nuner_ready")).isEqualTo(1);
            assertThat(running.stub().extract(request("one", "city")).getUsage().getWords())
                    .isEqualTo(1);
        } finally {
            for (Socket socket : idle) {
                socket.close();
            }
        }
    }

    @Test
    void aPortInUseIsNamed() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            FakeEngine engine = new FakeEngine(RunningServer.LIMITS, 1);
            ServerConfig config = RunningServer.CONFIG.toBuilder()
                    .metrics(MetricsConfig.on(taken.getLocalPort()))
                    .build();

            assertThatThrownBy(() -> InferenceServer.start(config, new FakeTextModel(), engine, fault -> {}))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("metrics port " + taken.getLocalPort());
            assertThat(engine.isClosed()).isTrue();
        }
    }

    @Test
    void theServersOwnPortIsRefused() {
        ServerConfig config = RunningServer.CONFIG.toBuilder().port(4711).build();

        assertThatThrownBy(
                        () -> config.toBuilder().metrics(MetricsConfig.on(4711)).build())
                .hasMessage("metrics.port must be another one than the server's, but was 4711");
        assertThatThrownBy(() -> MetricsConfig.on(65_536))
                .hasMessage("metrics.port must be from 0 to 65535, but was 65536");
    }

    @Test
    void thereIsNoneUnlessAskedFor() throws Exception {
        try (RunningServer running = RunningServer.start()) {
            assertThat(running.server.metricsPort()).isEqualTo(-1);
        }
    }
}
