package io.nuner.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.ListenableFuture;
import io.nuner.server.transport.TransportConfig;
import io.nuner.v1.Entity;
import io.nuner.v1.ExtractBatchRequest;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.ExtractResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Many callers at once: nobody gets another's answer, and nothing is left behind. */
class CrowdTest {
    private static final long SEED = 20_261_122L;
    private static final int CLIENTS = 16;
    private static final int CALLS_PER_CLIENT = 300;

    @Test
    void whoeverSharesABatchGetsTheAnswerItWouldGetAlone() throws Exception {
        List<ExtractRequest> requests = requests(200);
        try (RunningServer running = RunningServer.start()) {
            List<List<Entity>> alone = requests.stream()
                    .map(request -> running.stub().extract(request).getEntitiesList())
                    .toList();
            assertThat(alone)
                    .as("some texts have entities")
                    .anySatisfy(list -> assertThat(list).isNotEmpty());

            List<Callable<Integer>> clients = new ArrayList<>();
            for (int client = 0; client < CLIENTS; client++) {
                long seed = SEED + client;
                clients.add(() -> callAndCompare(running, requests, alone, seed));
            }

            assertThat(sumOf(clients)).isEqualTo(CLIENTS * CALLS_PER_CLIENT);
            assertThat(running.engine.batches()).as("some batches were shared").anyMatch(batch -> batch.rowCount() > 1);
            assertThat(running.server.requestsInFlight()).isZero();
        }
    }

    @Test
    void itemsOfABatchAnswerInTheirOrder() throws Exception {
        List<ExtractRequest> requests = requests(32);
        try (RunningServer running = RunningServer.start()) {
            List<List<Entity>> alone = requests.stream()
                    .map(request -> running.stub().extract(request).getEntitiesList())
                    .toList();

            List<List<Entity>> together = running
                    .stub()
                    .extractBatch(ExtractBatchRequest.newBuilder()
                            .addAllRequests(requests)
                            .build())
                    .getItemsList()
                    .stream()
                    .map(item -> item.getResponse().getEntitiesList())
                    .toList();

            assertThat(together).isEqualTo(alone);
        }
    }

    @Test
    void aStormOfCancelsReturnsEveryPermit() throws Exception {
        Random random = new Random(SEED);
        List<ExtractRequest> requests = requests(50);
        TransportConfig patient = TransportConfig.DEFAULT.withNoise(new TransportConfig.Noise(1000, 100_000));
        try (RunningServer running = RunningServer.start(
                RunningServer.CONFIG.toBuilder().transport(patient).build())) {
            for (int round = 0; round < 20; round++) {
                List<ListenableFuture<ExtractResponse>> calls = new ArrayList<>();
                for (ExtractRequest request : requests) {
                    calls.add(running.futureStub().extract(request));
                    calls.get(random.nextInt(calls.size())).cancel(true);
                }
                calls.forEach(call -> call.cancel(true));
            }

            int calls = 0;
            do { // cancels are told to the server one by one, beside these calls
                assertThat(running.stub().extract(requests.get(0)).getUsage().getWindows())
                        .as("seed %s", SEED)
                        .isEqualTo(1);
                calls++;
            } while (running.server.requestsInFlight() > 0 && calls < 2000);
            assertThat(running.server.requestsInFlight()).isZero();
        }
    }

    private static int callAndCompare(
            RunningServer running, List<ExtractRequest> requests, List<List<Entity>> alone, long seed) {
        Random random = new Random(seed);
        for (int call = 0; call < CALLS_PER_CLIENT; call++) {
            int index = random.nextInt(requests.size());
            ExtractResponse response = running.stub().extract(requests.get(index));
            assertThat(response.getRequestId()).as("seed %s", seed).isEqualTo("r" + index);
            assertThat(response.getEntitiesList()).as("seed %s", seed).isEqualTo(alone.get(index));
        }
        return CALLS_PER_CLIENT;
    }

    private static int sumOf(List<Callable<Integer>> clients) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(clients.size());
        try {
            int sum = 0;
            for (Future<Integer> one : threads.invokeAll(clients, 120, TimeUnit.SECONDS)) {
                sum += one.get();
            }
            return sum;
        } finally {
            threads.shutdownNow();
        }
    }

    private static List<ExtractRequest> requests(int count) {
        Random random = new Random(SEED);
        List<ExtractRequest> requests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            StringBuilder text = new StringBuilder();
            for (int word = 0; word <= random.nextInt(60); word++) {
                text.append("word").append(random.nextInt(1000)).append(' ');
            }
            ExtractRequest.Builder request =
                    ExtractRequest.newBuilder().setText(text.toString()).setRequestId("r" + i);
            for (int label = 0; label <= random.nextInt(8); label++) {
                request.addLabels("label " + label);
            }
            requests.add(request.build());
        }
        return requests;
    }
}
