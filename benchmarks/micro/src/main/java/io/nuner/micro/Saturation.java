package io.nuner.micro;

import com.google.gson.JsonObject;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import io.nuner.engine.EngineLane;
import io.nuner.engine.PackedBatch;
import io.nuner.model.NerModel;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.ExtractResponse;
import io.nuner.v1.NerServiceGrpc;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** Tokens per second with more work waiting than the engine can do: through the server, and by the engine alone. */
final class Saturation {
    private static final int IN_FLIGHT = 64;
    private static final int PHASES = 3;
    private static final int BATCH_ROWS = 16; // the engine's limit: what a saturated server forms

    private final EngineLane lane;
    private final NerServiceGrpc.NerServiceStub client;
    private final List<ExtractRequest> requests = new ArrayList<>();
    private final List<PackedBatch> batches;

    Saturation(NerModel model, EngineLane lane, ManagedChannel channel, List<String> texts) {
        this.lane = lane;
        client = NerServiceGrpc.newStub(channel);
        batches = BenchmarkTexts.batches(model, texts, BATCH_ROWS, texts.size());
        for (String text : texts) {
            requests.add(ExtractRequest.newBuilder()
                    .setText(text)
                    .addAllLabels(BenchmarkTexts.LABELS)
                    .build());
        }
    }

    void measure(JsonObject report, int seconds) throws Exception {
        List<Double> bareRates = new ArrayList<>();
        List<Double> servedRates = new ArrayList<>();
        List<Double> ratios = new ArrayList<>();
        LongAdder rows = new LongAdder();
        LongAdder calls = new LongAdder();
        for (int phase = 0; phase < PHASES; phase++) {
            bareRates.add(bareRate(seconds));
            servedRates.add(servedRate(seconds, rows, calls));
            ratios.add(servedRates.get(phase) / bareRates.get(phase));
        }
        report.addProperty("saturated_in_flight", IN_FLIGHT);
        report.addProperty("saturated_mean_batch_rows", rows.sum() / (double) calls.sum());
        report.addProperty("bare_tokens_per_second", Medians.of(bareRates));
        report.addProperty("served_tokens_per_second", Medians.of(servedRates));
        report.addProperty("served_over_bare_median", Medians.of(ratios));
    }

    private double bareRate(int seconds) throws Exception {
        long start = System.nanoTime();
        long end = start + seconds * 1_000_000_000L;
        long tokens = 0;
        for (int i = 0; System.nanoTime() - end < 0; i++) {
            PackedBatch batch = batches.get(i % batches.size());
            lane.run(batch);
            tokens += batch.tokenCount();
        }
        return tokens * 1e9 / (System.nanoTime() - start);
    }

    private double servedRate(int seconds, LongAdder rows, LongAdder calls) throws Exception {
        Semaphore places = new Semaphore(IN_FLIGHT);
        AtomicInteger failed = new AtomicInteger();
        AtomicLong tokens = new AtomicLong();
        StreamObserver<ExtractResponse> counter = new StreamObserver<>() {
            @Override
            public void onNext(ExtractResponse response) {
                tokens.addAndGet(response.getUsage().getPromptTokens()
                        + (long) response.getUsage().getTextTokens());
                rows.add(response.getTimings().getBatchRows());
                calls.increment();
            }

            @Override
            public void onCompleted() {
                places.release();
            }

            @Override
            public void onError(Throwable cause) {
                failed.incrementAndGet();
                places.release();
            }
        };
        long start = System.nanoTime();
        long end = start + seconds * 1_000_000_000L;
        for (int i = 0; System.nanoTime() - end < 0; i++) {
            places.acquire();
            client.extract(requests.get(i % requests.size()), counter);
        }
        places.acquire(IN_FLIGHT);
        long nanos = System.nanoTime() - start;
        if (failed.get() > 0) {
            throw new IllegalStateException(failed + " calls failed");
        }
        return tokens.get() * 1e9 / nanos;
    }
}
