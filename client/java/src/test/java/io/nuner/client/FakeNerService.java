package io.nuner.client;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.rpc.BadRequest;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import io.nuner.v1.Entity;
import io.nuner.v1.ExtractBatchItem;
import io.nuner.v1.ExtractBatchRequest;
import io.nuner.v1.ExtractBatchResponse;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.ExtractResponse;
import io.nuner.v1.GetServerInfoRequest;
import io.nuner.v1.GetServerInfoResponse;
import io.nuner.v1.Limits;
import io.nuner.v1.LongTextPolicy;
import io.nuner.v1.NerServiceGrpc;
import io.nuner.v1.Usage;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A server without a model: every text is one entity of its first label. A text {@code bad} is refused, naming
 * {@code text}. Failures queued with {@link #failNext}, {@link
 * #sendAwayNext} and {@link #failNextAsTooNear} are answered first.
 */
final class FakeNerService extends NerServiceGrpc.NerServiceImplBase {
    private final Queue<StatusRuntimeException> failures = new ArrayDeque<>();
    private final List<ExtractRequest> requests = new CopyOnWriteArrayList<>();
    private final List<Integer> batchSizes = new CopyOnWriteArrayList<>();
    private volatile LongTextPolicy longText = LongTextPolicy.LONG_TEXT_POLICY_WINDOW;
    private volatile Limits limits =
            Limits.newBuilder().setMaxTextsPerBatch(2).setMaxMessageBytes(1000).build();

    void failNext(io.grpc.Status status) {
        failures.add(status.asRuntimeException());
    }

    void sendAwayNext(Duration retryDelay) {
        RetryInfo detail = RetryInfo.newBuilder().setRetryDelay(retryDelay).build();
        failures.add(StatusProto.toStatusRuntimeException(Status.newBuilder()
                .setCode(Code.RESOURCE_EXHAUSTED_VALUE)
                .addDetails(Any.pack(detail))
                .build()));
    }

    void failNextAsTooNear(long estimateMillis) {
        ErrorInfo detail = ErrorInfo.newBuilder()
                .setDomain("nuner.v1")
                .setReason("UNMEETABLE")
                .putMetadata("estimate_ms", Long.toString(estimateMillis))
                .build();
        failures.add(StatusProto.toStatusRuntimeException(Status.newBuilder()
                .setCode(Code.DEADLINE_EXCEEDED_VALUE)
                .addDetails(Any.pack(detail))
                .build()));
    }

    List<ExtractRequest> requests() {
        return requests;
    }

    List<Integer> batchSizes() {
        return batchSizes;
    }

    void limit(Limits newLimits) {
        limits = newLimits;
    }

    /** Behaves as a server of before label options, which does not tell its policy for long texts. */
    void beOld() {
        longText = LongTextPolicy.LONG_TEXT_POLICY_UNSPECIFIED;
    }

    @Override
    public void extract(ExtractRequest request, StreamObserver<ExtractResponse> observer) {
        requests.add(request);
        StatusRuntimeException failure = failures.poll();
        if (failure != null) {
            observer.onError(failure);
            return;
        }
        if (request.getText().equals("bad")) {
            observer.onError(refusal("text"));
            return;
        }
        observer.onNext(answer(request));
        observer.onCompleted();
    }

    @Override
    public void extractBatch(ExtractBatchRequest request, StreamObserver<ExtractBatchResponse> observer) {
        batchSizes.add(request.getRequestsCount());
        ExtractBatchResponse.Builder response = ExtractBatchResponse.newBuilder();
        request.getRequestsList().stream().map(FakeNerService::item).forEach(response::addItems);
        observer.onNext(response.build());
        observer.onCompleted();
    }

    @Override
    public void getServerInfo(GetServerInfoRequest request, StreamObserver<GetServerInfoResponse> observer) {
        observer.onNext(GetServerInfoResponse.newBuilder()
                .setLimits(limits)
                .setDefaultLongTextPolicy(longText)
                .build());
        observer.onCompleted();
    }

    private static ExtractBatchItem item(ExtractRequest request) {
        return switch (request.getText()) {
            case "bad" ->
                ExtractBatchItem.newBuilder().setError(refusalStatus("text")).build();
            case "lost" -> ExtractBatchItem.getDefaultInstance();
            default ->
                ExtractBatchItem.newBuilder().setResponse(answer(request)).build();
        };
    }

    private static ExtractResponse answer(ExtractRequest request) {
        return ExtractResponse.newBuilder()
                .addEntities(Entity.newBuilder()
                        .setEnd(request.getText().length())
                        .setText(request.getText())
                        .setLabel(
                                request.getLabelsCount() > 0
                                        ? request.getLabels(0)
                                        : request.getLabelOptions(0).getName())
                        .setScore(0.75f))
                .setUsage(Usage.newBuilder().setWords(1))
                .build();
    }

    private static StatusRuntimeException refusal(String field) {
        return StatusProto.toStatusRuntimeException(refusalStatus(field));
    }

    private static Status refusalStatus(String field) {
        BadRequest detail = BadRequest.newBuilder()
                .addFieldViolations(BadRequest.FieldViolation.newBuilder().setField(field))
                .build();
        return Status.newBuilder()
                .setCode(Code.INVALID_ARGUMENT_VALUE)
                .setMessage(field + " must not be bad")
                .addDetails(Any.pack(detail))
                .build();
    }
}
