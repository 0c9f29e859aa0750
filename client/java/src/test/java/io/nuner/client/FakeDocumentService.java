package io.nuner.client;

import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.nuner.v1.Entity;
import io.nuner.v1.ExtractDocumentRequest;
import io.nuner.v1.ExtractDocumentResponse;
import io.nuner.v1.NerServiceGrpc;
import io.nuner.v1.Usage;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A server of documents without a model: each ten characters are one entity and one part. Sends a part only if the client
 * asked for one. Ends as it should, or after some parts in another way.
 */
final class FakeDocumentService extends NerServiceGrpc.NerServiceImplBase {
    private static final int PART = 10;

    private final AtomicReference<@Nullable ExtractDocumentRequest> request = new AtomicReference<>();
    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicInteger calls = new AtomicInteger();
    private final CountDownLatch cancelled = new CountDownLatch(1);
    private final IntUnaryOperator partsOfCall;
    private final @Nullable StatusRuntimeException end;
    private int lag;

    private FakeDocumentService(IntUnaryOperator partsOfCall, @Nullable StatusRuntimeException end) {
        this.partsOfCall = partsOfCall;
        this.end = end;
    }

    static FakeDocumentService whole() {
        return new FakeDocumentService(call -> Integer.MAX_VALUE, null);
    }

    /** Ends with OK too early. */
    static FakeDocumentService breakingOffAfter(int parts) {
        return new FakeDocumentService(call -> parts, null);
    }

    /** Every call fails after so many parts. */
    static FakeDocumentService failingAfter(int parts, StatusRuntimeException end) {
        return new FakeDocumentService(call -> parts, end);
    }

    /** The first calls fail after so many parts; those after them do not. */
    static FakeDocumentService failingAfter(List<Integer> parts, StatusRuntimeException end) {
        return new FakeDocumentService(call -> call < parts.size() ? parts.get(call) : Integer.MAX_VALUE, end);
    }

    /** Entities are given some parts before they are safe, as with several labels on one span. */
    FakeDocumentService givingAhead(int parts) {
        lag = parts;
        return this;
    }

    ExtractDocumentRequest request() {
        return Objects.requireNonNull(request.get());
    }

    /** Parts that were given to gRPC. */
    int sent() {
        return sent.get();
    }

    int calls() {
        return calls.get();
    }

    CountDownLatch cancelled() {
        return cancelled;
    }

    @Override
    public void extractDocument(ExtractDocumentRequest asked, StreamObserver<ExtractDocumentResponse> observer) {
        request.set(asked);
        var call = (ServerCallStreamObserver<ExtractDocumentResponse>) observer;
        call.setOnCancelHandler(cancelled::countDown);
        Answer answer = new Answer(call, asked.getRequest().getText(), partsOfCall.applyAsInt(calls.getAndIncrement()));
        call.setOnReadyHandler(answer::send);
    }

    /** The answer to one call. */
    private final class Answer {
        private final ServerCallStreamObserver<ExtractDocumentResponse> call;
        private final String text;
        private final int partsBeforeEnd;
        private int part;

        Answer(ServerCallStreamObserver<ExtractDocumentResponse> call, String text, int partsBeforeEnd) {
            this.call = call;
            this.text = text;
            this.partsBeforeEnd = partsBeforeEnd;
        }

        void send() {
            int parts = text.length() / PART;
            while (call.isReady() && part <= parts) {
                if (part == partsBeforeEnd) {
                    end();
                    return;
                }
                sent.incrementAndGet();
                if (part == parts) {
                    part++;
                    call.onNext(ExtractDocumentResponse.newBuilder()
                            .setSafeUntil(text.length())
                            .setUsage(Usage.newBuilder().setWords(parts))
                            .build());
                    call.onCompleted();
                    return;
                }
                part++;
                call.onNext(part(text, (part - 1) * PART));
            }
        }

        private void end() {
            part = Integer.MAX_VALUE;
            if (end == null) {
                call.onCompleted();
            } else {
                call.onError(end);
            }
        }
    }

    private ExtractDocumentResponse part(String text, int start) {
        return ExtractDocumentResponse.newBuilder()
                .addEntities(Entity.newBuilder()
                        .setStart(start)
                        .setEnd(start + PART)
                        .setText(text.substring(start, start + PART))
                        .setLabel("person")
                        .setScore(0.75f))
                .setSafeUntil(Math.max(0, start + PART - lag * PART))
                .build();
    }
}
