package io.nuner.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.ListenableFuture;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.nuner.engine.TokenRow;
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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Every text holds an entity that no other has, which must come back, whoever shares its batch: texts of all lengths, of several
 * tenants and urgencies, some cancelled, some that the engine throws at. Prints the counts.
 */
class CrossTalkTest {
    private static final long SEED = 20_261_130L;
    private static final Metadata.Key<String> TENANT =
            Metadata.Key.of("nuner-tenant", Metadata.ASCII_STRING_MARSHALLER);
    private static final String POISON = "poison";
    private static final int POISON_ID = POISON.hashCode();

    @Test
    void nobodyGetsAnothersAnswer() throws Exception {
        askAll(16, 250);
    }

    @Tag("long")
    @Test
    void nobodyOfAMillionGetsAnothersAnswer() throws Exception {
        askAll(200, 5_000);
    }

    private static void askAll(int clients, int calls) throws Exception {
        try (RunningServer running = RunningServer.start()) {
            running.engine.score((row, start, width, label) -> start == 0 && label == 0 ? 3 : -3);
            running.engine.onRun(batch -> {
                if (batch.rows().stream().anyMatch(CrossTalkTest::isPoisoned)) {
                    throw new StackOverflowError("poison");
                }
            });
            List<Callable<Counts>> work = new ArrayList<>();
            for (int client = 0; client < clients; client++) {
                int number = client;
                work.add(() -> new Client(running, number).call(calls));
            }

            Counts sum = new Counts();
            ExecutorService threads = Executors.newFixedThreadPool(clients);
            try {
                for (Future<Counts> one : threads.invokeAll(work, 300, TimeUnit.SECONDS)) {
                    sum.add(one.get());
                }
            } finally {
                threads.shutdownNow();
            }

            System.out.println(sum);
            assertThat(sum.foreign)
                    .as("answers of somebody else, seed %s", SEED)
                    .isZero();
            assertThat(sum.wrongCodes).as("other endings, seed %s", SEED).isZero();
            assertThat(sum.right + sum.poisoned + sum.cancelled).isEqualTo(clients * calls);
            assertThat(sum.right).isPositive();
            assertThat(sum.poisoned).isPositive();
            Waiting.until(() -> running.server.requestsInFlight() == 0 && running.server.tokensInFlight() == 0);
        }
    }

    private static boolean isPoisoned(TokenRow row) {
        return row.tokenId(row.wordToken(0)) == POISON_ID;
    }

    /** One caller. One thread. */
    private static final class Client {
        private final RunningServer running;
        private final int number;
        private final Random random;
        private final Counts counts = new Counts();

        private Client(RunningServer running, int number) {
            this.running = running;
            this.number = number;
            random = new Random(SEED + number);
        }

        private Counts call(int calls) {
            for (int call = 0; call < calls; call++) {
                int kind = random.nextInt(500);
                if (kind < 10) {
                    poison();
                } else if (kind == 10) { // seldom: a connection with too many of them is closed
                    cancel("gone" + call);
                } else {
                    ask("n" + number + "c" + call);
                }
            }
            return counts;
        }

        private ExtractRequest request(String first) {
            StringBuilder text = new StringBuilder(first);
            for (int word = random.nextInt(40); word > 0; word--) {
                text.append(" w").append(random.nextInt(100));
            }
            return ExtractRequest.newBuilder()
                    .setText(text.toString())
                    .addLabels("label" + random.nextInt(20))
                    .addLabels("other")
                    .setPriorityValue(random.nextInt(3))
                    .build();
        }

        private void ask(String unique) {
            Metadata metadata = new Metadata();
            metadata.put(TENANT, "t" + random.nextInt(5));
            ExtractRequest request = request(unique);
            try {
                ExtractResponse response = running.stub()
                        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata))
                        .extract(request);
                boolean mine = response.getEntitiesCount() == 1
                        && response.getEntities(0).getText().equals(unique)
                        && response.getEntities(0).getLabel().equals(request.getLabels(0));
                counts.right += mine ? 1 : 0;
                counts.foreign += mine ? 0 : 1;
            } catch (StatusRuntimeException e) {
                counts.wrongCodes++;
            }
        }

        private void poison() {
            try {
                ExtractResponse response = running.stub().extract(request(POISON));
                counts.wrongCodes += response.getEntitiesCount() + 1;
            } catch (StatusRuntimeException e) {
                boolean failed = e.getStatus().getCode() == Status.Code.INTERNAL;
                counts.poisoned += failed ? 1 : 0;
                counts.wrongCodes += failed ? 0 : 1;
            }
        }

        private void cancel(String unique) {
            ListenableFuture<ExtractResponse> call = running.futureStub().extract(request(unique));
            call.cancel(true);
            counts.cancelled++;
        }
    }

    /** What became of calls. One thread at a time. */
    private static final class Counts {
        private int right;
        private int foreign;
        private int poisoned;
        private int cancelled;
        private int wrongCodes;

        private void add(Counts more) {
            right += more.right;
            foreign += more.foreign;
            poisoned += more.poisoned;
            cancelled += more.cancelled;
            wrongCodes += more.wrongCodes;
        }

        @Override
        public String toString() {
            return right + " answers with their own entity, " + foreign + " with another's; " + poisoned
                    + " poisoned texts failed alone, " + cancelled + " cancelled, " + wrongCodes + " ended otherwise";
        }
    }
}
