package io.nuner.client;

import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.nuner.v1.Entity;
import io.nuner.v1.ExtractDocumentRequest;
import io.nuner.v1.ExtractDocumentResponse;
import io.nuner.v1.NerServiceGrpc;
import io.nuner.v1.Usage;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A server of documents without a model: each ten characters are one entity and one part. Sends a part only if the client
 * asked for one. Ends as it should, or after some parts in another way.
 */
final class FakeDocumentService extends NerServiceGrpc.NerServiceImplBase {
    private static final int PART = 10;

    private final AtomicReference<@Nullable ExtractDocumentRequest> request = new AtomicReference<>();
    private final AtomicInteger sent = new AtomicInteger();
    private final CountDownLatch cancelled = new CountDownLatch(1);
    private final int partsBeforeEnd;
    private final @Nullable StatusRuntimeException end;

    private FakeDocumentService(int partsBeforeEnd, @Nullable StatusRuntimeException end) {
        this.partsBeforeEnd = partsBeforeEnd;
        this.end = end;
    }

    static FakeDocumentService whole() {
        return new FakeDocumentService(Integer.MAX_VALUE, null);
    }

    /** Ends with OK too early. */
    static FakeDocumentService breakingOffAfter(int parts) {
        return new FakeDocumentService(parts, null);
    }

    static FakeDocumentService failingAfter(int parts, StatusRuntimeException end) {
        return new FakeDocumentService(parts, end);
    }

    ExtractDocumentRequest request() {
        return Objects.requireNonNull(request.get());
    }

    /** Parts that were given to gRPC. */
    int sent() {
        return sent.get();
    }

    CountDownLatch cancelled() {
        return cancelled;
    }

    @Override
    public void extractDocument(ExtractDocumentRequest asked, StreamObserver<ExtractDocumentResponse> observer) {
        request.set(asked);
        var call = (ServerCallStreamObserver<ExtractDocumentResponse>) observer;
        call.setOnCancelHandler(cancelled::countDown);
        String text = asked.getRequest().getText();
        call.setOnReadyHandler(() -> send(text, call));
    }

    private void send(String text, ServerCallStreamObserver<ExtractDocumentResponse> call) {
        int parts = text.length() / PART;
        while (call.isReady() && sent.get() <= parts) {
            int part = sent.get();
            if (part == partsBeforeEnd) {
                end(call);
                return;
            }
            sent.incrementAndGet();
            if (part == parts) {
                call.onNext(ExtractDocumentResponse.newBuilder()
                        .setSafeUntil(text.length())
                        .setUsage(Usage.newBuilder().setWords(parts))
                        .build());
                call.onCompleted();
                return;
            }
            call.onNext(part(text, part * PART));
        }
    }

    private void end(ServerCallStreamObserver<ExtractDocumentResponse> call) {
        sent.set(Integer.MAX_VALUE);
        if (end == null) {
            call.onCompleted();
        } else {
            call.onError(end);
        }
    }

    private static ExtractDocumentResponse part(String text, int start) {
        return ExtractDocumentResponse.newBuilder()
                .addEntities(Entity.newBuilder()
                        .setStart(start)
                        .setEnd(start + PART)
                        .setText(text.substring(start, start + PART))
                        .setLabel("person")
                        .setScore(0.75f))
                .setSafeUntil(start + PART)
                .build();
    }
}
