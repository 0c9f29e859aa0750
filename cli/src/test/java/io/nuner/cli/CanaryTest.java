package io.nuner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.StatusProto;
import io.nuner.cli.common.ExitCode;
import io.nuner.model.testing.Fixtures;
import io.nuner.model.testing.WeightsFormat;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What callers send leaves a server through its answers only: not through the log at its finest level, the metrics, the
 * health pages or a status. Canaries sit in texts, labels, ids, metadata, tenants and keys, in good calls and failing ones.
 */
class CanaryTest {
    static final String CANARY = "kanarienvogel";

    private static final String ENDPOINT = "metrics and health on ";

    @TempDir
    private Path directory;

    @Test
    void noSinkShowsWhatCallersSend() throws Exception {
        Findings findings = release(3 * CanaryCall.values().length);

        assertThat(findings.statuses)
                .containsKeys(
                        Status.Code.OK,
                        Status.Code.INVALID_ARGUMENT,
                        Status.Code.UNAUTHENTICATED,
                        Status.Code.INTERNAL,
                        Status.Code.CANCELLED);
    }

    @Test
    @Tag("long")
    void noSinkShowsTenThousandCanaries() throws Exception {
        Findings findings = release(10_000);

        System.out.println("row 12: 10000 calls with canaries, log at TRACE " + findings.log.size() + " lines, "
                + findings.pages.size() + " pages, statuses " + findings.statuses + ": 0 canaries");
    }

    private Findings release(int calls) throws Exception {
        Path checkpoint = Fixtures.MARKER_W1.checkpoint(directory, WeightsFormat.SAFETENSORS);
        List<String> options =
                List.of("--model=" + checkpoint, "--cache=" + directory.resolve("cache"), "--engine=test-talkative");
        Findings findings = new Findings();

        try (ServerProcess server = ServerProcess.start(List.of("-DNUNER_LOG_LEVEL=TRACE"), options)) {
            CompletableFuture<List<String>> log = CompletableFuture.supplyAsync(server::restOfLog);
            ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", server.port())
                    .usePlaintext()
                    .build();
            try {
                CanaryCall[] ways = CanaryCall.values();
                for (int call = 0; call < calls; call++) {
                    findings.add(ways[call % ways.length].outcome(channel, CANARY + call));
                }
            } finally {
                channel.shutdownNow();
            }
            findings.readPages(server);
            assertThat(server.terminate()).isEqualTo(ExitCode.OK);
            findings.log.addAll(server.startLines());
            findings.log.addAll(log.get());
        }
        findings.assertClean();
        return findings;
    }

    /** What was seen of a server from outside. One thread. */
    private static final class Findings {
        private final Map<Status.Code, Integer> statuses = new EnumMap<>(Status.Code.class);
        private final List<String> messages = new ArrayList<>();
        private final List<String> pages = new ArrayList<>();
        private final List<String> log = new ArrayList<>();

        void add(StatusRuntimeException outcome) {
            statuses.merge(outcome.getStatus().getCode(), 1, Integer::sum);
            Metadata trailers = outcome.getTrailers();
            messages.add(
                    outcome.getStatus().getDescription() + " " + trailers + " " + StatusProto.fromThrowable(outcome));
        }

        void readPages(ServerProcess server) throws IOException, InterruptedException {
            String address = server.startLines().stream()
                    .filter(line -> line.contains(ENDPOINT))
                    .map(line -> line.substring(line.indexOf(ENDPOINT) + ENDPOINT.length()))
                    .findFirst()
                    .orElseThrow();
            for (String page : List.of("/metrics", "/health/live", "/health/ready", "/" + CANARY)) {
                HttpRequest request =
                        HttpRequest.newBuilder(URI.create(address + page)).build();
                HttpResponse<String> response =
                        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
                pages.add(response.headers().map() + response.body());
            }
        }

        void assertClean() {
            assertThat(messages).noneMatch(Findings::isCanary);
            assertThat(pages).hasSize(4).noneMatch(Findings::isCanary);
            assertThat(log).anyMatch(line -> line.contains("a batch failed")).noneMatch(Findings::isCanary);
        }

        private static boolean isCanary(String line) {
            return line.toLowerCase(Locale.ROOT).contains(CANARY);
        }
    }
}
