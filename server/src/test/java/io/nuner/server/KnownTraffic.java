package io.nuner.server;

import static io.nuner.server.RunningServer.request;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.ListenableFuture;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.nuner.engine.EngineException;
import io.nuner.v1.ExtractBatchRequest;
import io.nuner.v1.ExtractOptions;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.ExtractResponse;
import io.nuner.v1.NerServiceGrpc;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** Calls whose outcome is known by construction, and a tally of it. One thread at a time. */
final class KnownTraffic {
    static final int MAX_REQUESTS = 64;
    private static final ExtractRequest GOOD = request("Ada went to Paris .", "person", "city");
    /** Two frames of three, two of each label and its marker, the words and the end. */
    private static final int GOOD_TOKENS = 2 + 2 * 2 + 5 + 1;

    private final RunningServer running;
    private final Map<String, Integer> outcomes = new TreeMap<>();
    private double goodTokens;
    private double droppedTexts;

    KnownTraffic(RunningServer running) {
        this.running = running;
    }

    /** Texts by outcome, those without any left out. */
    Map<String, Integer> outcomes() {
        return outcomes;
    }

    int total() {
        return outcomes.values().stream().mapToInt(Integer::intValue).sum();
    }

    int answered() {
        return outcomes.getOrDefault("ok", 0);
    }

    double goodTokens() {
        return goodTokens;
    }

    /** Texts dropped after admission. */
    double droppedTexts() {
        return droppedTexts;
    }

    private void tally(String outcome, int texts) {
        outcomes.merge(outcome, texts, Integer::sum);
    }

    private void tallyGood(int texts) {
        tally("ok", texts);
        goodTokens += (double) texts * GOOD_TOKENS;
    }

    void answered(int rounds) throws Exception {
        for (int round = 0; round < rounds; round++) {
            List<ListenableFuture<ExtractResponse>> calls = started(MAX_REQUESTS / 2);
            for (ListenableFuture<ExtractResponse> call : calls) {
                assertThat(call.get(20, TimeUnit.SECONDS).getUsage().getWords()).isEqualTo(5);
            }
            tallyGood(calls.size());
            running.stub().extract(request("", "city"));
            tally("ok", 1);
        }
    }

    void batches(int rounds) {
        for (int round = 0; round < rounds; round++) {
            ExtractBatchRequest.Builder batch = ExtractBatchRequest.newBuilder();
            for (int i = 0; i < 20; i++) {
                batch.addRequests(i % 10 == 0 ? bad() : GOOD);
            }
            assertThat(running.stub().extractBatch(batch.build()).getItemsList())
                    .filteredOn(item -> item.hasError())
                    .hasSize(2);
            tallyGood(18);
            tally("invalid", 2);
        }
    }

    void invalid(int rounds) {
        ExtractBatchRequest.Builder tooMany = ExtractBatchRequest.newBuilder();
        for (int i = 0; i < 33; i++) {
            tooMany.addRequests(GOOD);
        }
        for (int round = 0; round < rounds; round++) {
            fails(Status.Code.INVALID_ARGUMENT, () -> running.stub().extract(bad()));
            fails(Status.Code.INVALID_ARGUMENT, () -> running.stub().extractBatch(tooMany.build()));
            fails(Status.Code.INVALID_ARGUMENT, () -> raw(new byte[] {(byte) 0xff, 1}));
            tally("invalid", 1 + 33 + 1);
        }
    }

    void tooLarge(int rounds) {
        byte[] large = new byte[RunningServer.CONFIG.requests().maxMessageBytes() + 1];
        for (int round = 0; round < rounds; round++) {
            fails(Status.Code.INVALID_ARGUMENT, () -> raw(large));
            fails(Status.Code.INVALID_ARGUMENT, () -> withMetadata(10_000));
            tally("message_too_large", 2);
        }
    }

    private void withMetadata(int bytes) {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("x", Metadata.ASCII_STRING_MARSHALLER), "y".repeat(bytes));
        running.stub()
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                .extract(GOOD);
    }

    private void raw(byte[] message) {
        RawCall.send(running.channel, NerServiceGrpc.getExtractMethod().getFullMethodName(), message);
    }

    void overloaded(int texts) throws Exception {
        CountDownLatch release = hold();
        List<ListenableFuture<ExtractResponse>> admitted = started(MAX_REQUESTS);
        awaitInFlight(MAX_REQUESTS);
        for (int i = 0; i < texts; i++) {
            fails(Status.Code.RESOURCE_EXHAUSTED, () -> running.stub().extract(GOOD));
        }
        tally("overloaded", texts);
        release.countDown();
        for (ListenableFuture<ExtractResponse> call : admitted) {
            call.get(20, TimeUnit.SECONDS);
        }
        tallyGood(MAX_REQUESTS);
        running.engine.onRun(batch -> {});
    }

    /** By the deadline of calls that have none, so that no client ends them first. */
    void expired(int texts) throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        running.holdRuns(started, release);
        ListenableFuture<ExtractResponse> inEngine = withoutDeadline();
        started.await();
        List<ListenableFuture<ExtractResponse>> waiting = new ArrayList<>();
        for (int i = 1; i < texts; i++) {
            waiting.add(withoutDeadline());
        }
        for (ListenableFuture<ExtractResponse> call : waiting) {
            assertThat(codeOf(call)).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        }
        release.countDown();
        assertThat(codeOf(inEngine)).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        running.engine.onRun(batch -> {});
        tally("expired", texts);
        droppedTexts += texts;
    }

    private ListenableFuture<ExtractResponse> withoutDeadline() {
        return NerServiceGrpc.newFutureStub(running.channel).extract(GOOD);
    }

    void cancelled(int rounds) throws Exception {
        for (int round = 0; round < rounds; round++) {
            CountDownLatch release = hold();
            List<ListenableFuture<ExtractResponse>> calls = started(MAX_REQUESTS);
            awaitInFlight(MAX_REQUESTS);
            calls.forEach(call -> call.cancel(true));
            awaitInFlight(0);
            release.countDown();
            tally("cancelled", MAX_REQUESTS);
            droppedTexts += MAX_REQUESTS;
        }
        running.engine.onRun(batch -> {});
    }

    void engineFailed(int texts) {
        running.engine.failWith(() -> EngineException.batchFailed("scripted", new IllegalStateException()));
        for (int i = 0; i < texts; i++) {
            fails(Status.Code.INTERNAL, () -> running.stub().extract(GOOD));
        }
        running.engine.onRun(batch -> {});
        tally("engine_failed", texts);
        droppedTexts += texts;
    }

    void engineLost(int texts) {
        running.engine.failWith(() -> EngineException.engineLost("scripted", new IllegalStateException()));
        for (int i = 0; i < texts; i++) {
            fails(Status.Code.UNAVAILABLE, () -> running.stub().extract(GOOD));
        }
        tally("engine_lost", texts);
        droppedTexts += texts;
    }

    private List<ListenableFuture<ExtractResponse>> started(int texts) {
        List<ListenableFuture<ExtractResponse>> calls = new ArrayList<>();
        for (int i = 0; i < texts; i++) {
            calls.add(running.futureStub().extract(GOOD));
        }
        return calls;
    }

    private CountDownLatch hold() {
        CountDownLatch release = new CountDownLatch(1);
        running.holdRuns(new CountDownLatch(1), release);
        return release;
    }

    private void awaitInFlight(int texts) {
        Waiting.until(() -> running.server.requestsInFlight() == texts);
    }

    private static ExtractRequest bad() {
        return GOOD.toBuilder()
                .setOptions(ExtractOptions.newBuilder().setThreshold(2))
                .build();
    }

    private static void fails(Status.Code code, Runnable call) {
        try {
            call.run();
        } catch (StatusRuntimeException e) {
            assertThat(e.getStatus().getCode()).as(e.toString()).isEqualTo(code);
            return;
        }
        throw new AssertionError("the call must fail with " + code);
    }

    private static Status.Code codeOf(ListenableFuture<ExtractResponse> call) throws Exception {
        try {
            call.get(20, TimeUnit.SECONDS);
            return Status.Code.OK;
        } catch (ExecutionException e) {
            return Status.fromThrowable(e).getCode();
        }
    }
}
