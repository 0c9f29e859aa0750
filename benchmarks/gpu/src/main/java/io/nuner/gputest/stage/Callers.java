package io.nuner.gputest.stage;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.nuner.model.encode.EncodedRequest;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.ExtractResponse;
import io.nuner.v1.NerServiceGrpc;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * Callers of a server on this machine: as many as are told call without a pause, each its next text as soon as the last one is
 * answered. Any thread.
 */
final class Callers implements AutoCloseable {
    private static final int CONNECTIONS = 8;
    private static final long DEADLINE_SECONDS = 30;
    private static final long CLOSE_SECONDS = 5;

    private final List<ManagedChannel> channels = new ArrayList<>();
    private final AtomicInteger calls = new AtomicInteger();
    private final LongAdder tokens = new LongAdder();
    private final LongAdder answers = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private volatile List<Prepared> texts = List.of();
    private volatile int wanted;
    private volatile String lastFailure = "";
    private final AtomicInteger calling = new AtomicInteger();

    Callers(int port) {
        for (int i = 0; i < CONNECTIONS; i++) {
            channels.add(Grpc.newChannelBuilder("127.0.0.1:" + port, InsecureChannelCredentials.create())
                    .directExecutor()
                    .build());
        }
    }

    /** From now on so many callers ask about these texts in turn; those there are already go on with them. */
    void call(List<EncodedRequest> asked, int callers) {
        texts = asked.stream().map(Prepared::of).toList();
        wanted = callers;
        for (int missing = callers - calling.get(); missing > 0; missing--) {
            calling.incrementAndGet();
            next();
        }
    }

    /** The callers stop, each when its call is answered. */
    void stop() {
        wanted = 0;
    }

    /** Calls under way. */
    int calling() {
        return calling.get();
    }

    /** Tokens of all texts answered so far. */
    long tokens() {
        return tokens.sum();
    }

    /** Texts answered so far. */
    long answers() {
        return answers.sum();
    }

    long failures() {
        return failures.sum();
    }

    String lastFailure() {
        return lastFailure;
    }

    /** One call that this thread waits for. */
    void callOnce(EncodedRequest text) {
        NerServiceGrpc.newBlockingStub(channels.get(0))
                .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
                .extract(Prepared.of(text).request);
    }

    private void next() {
        int number = calls.getAndIncrement() & Integer.MAX_VALUE;
        List<Prepared> now = texts;
        Prepared text = now.get(number % now.size());
        ManagedChannel channel = channels.get(number % channels.size());
        ClientCall<ExtractRequest, ExtractResponse> call = channel.newCall(
                NerServiceGrpc.getExtractMethod(),
                CallOptions.DEFAULT.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS));
        ClientCalls.asyncUnaryCall(call, text.request, new Answer(text));
    }

    private void ended() {
        int now = calling.get();
        if (now <= wanted) {
            next();
        } else {
            calling.decrementAndGet();
        }
    }

    @Override
    public void close() {
        stop();
        channels.forEach(ManagedChannel::shutdown);
        try {
            for (ManagedChannel channel : channels) {
                if (!channel.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                    channel.shutdownNow();
                }
            }
        } catch (InterruptedException e) {
            channels.forEach(ManagedChannel::shutdownNow);
            Thread.currentThread().interrupt();
        }
    }

    /** A text as it is sent. */
    private record Prepared(ExtractRequest request, int tokens) {
        static Prepared of(EncodedRequest text) {
            ExtractRequest request = ExtractRequest.newBuilder()
                    .setText(text.words().text())
                    .addAllLabels(TestTexts.LABELS)
                    .build();
            return new Prepared(request, text.row().tokenCount());
        }
    }

    /** Counts the answer and makes the next call. */
    private final class Answer implements StreamObserver<ExtractResponse> {
        private final Prepared text;

        Answer(Prepared text) {
            this.text = text;
        }

        @Override
        public void onNext(ExtractResponse response) {
            tokens.add(text.tokens);
            answers.increment();
        }

        @Override
        public void onError(Throwable t) {
            failures.increment();
            lastFailure = String.valueOf(t.getMessage());
            // not on this stack: where calls fail at once, it would grow with each
            ForkJoinPool.commonPool().execute(Callers.this::ended);
        }

        @Override
        public void onCompleted() {
            ended();
        }
    }
}
