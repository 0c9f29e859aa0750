package io.nuner.cli;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.StatusProto;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.stub.StreamObserver;
import io.nuner.v1.EngineInfo;
import io.nuner.v1.Entity;
import io.nuner.v1.ExtractBatchItem;
import io.nuner.v1.ExtractBatchRequest;
import io.nuner.v1.ExtractBatchResponse;
import io.nuner.v1.ExtractDocumentRequest;
import io.nuner.v1.ExtractDocumentResponse;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.ExtractResponse;
import io.nuner.v1.ExtractStreamRequest;
import io.nuner.v1.ExtractStreamResponse;
import io.nuner.v1.GetServerInfoRequest;
import io.nuner.v1.GetServerInfoResponse;
import io.nuner.v1.Limits;
import io.nuner.v1.LongTextPolicy;
import io.nuner.v1.MergePolicy;
import io.nuner.v1.ModelInfo;
import io.nuner.v1.NerServiceGrpc;
import io.nuner.v1.Usage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A server on loopback without a model: the whole text is one entity of the first label; {@code nothing} has no entity,
 * {@code bad} is refused, {@code busy} is refused the first time because of too much work, and {@code slow} is answered
 * when the server closes. A document is two entities, one of each half; {@code stop} ends after the first, {@code once} the first
 * time only. The label {@code twice} is refused, and a document that begins with {@code large}. As an extension in a field it
 * closes after the test.
 */
public final class FakeServer extends NerServiceGrpc.NerServiceImplBase implements AutoCloseable, AfterEachCallback {
    private static final com.google.rpc.Status OVERLOADED = com.google.rpc.Status.newBuilder()
            .setCode(Status.Code.RESOURCE_EXHAUSTED.value())
            .setMessage("too much work is waiting")
            .addDetails(Any.pack(RetryInfo.newBuilder()
                    .setRetryDelay(Duration.newBuilder().setNanos(1_000_000))
                    .build()))
            .build();

    private static final com.google.rpc.Status TWICE = com.google.rpc.Status.newBuilder()
            .setCode(Status.Code.INVALID_ARGUMENT.value())
            .setMessage("labels[1] gives the model the same tokens as labels[0]")
            .addDetails(Any.pack(BadRequest.newBuilder()
                    .addFieldViolations(BadRequest.FieldViolation.newBuilder().setField("labels[1]"))
                    .build()))
            .build();

    private final AtomicBoolean overloaded = new AtomicBoolean(true);
    private final AtomicBoolean stopping = new AtomicBoolean(true);
    private final List<ExtractRequest> requests = new CopyOnWriteArrayList<>();
    private final List<ExtractRequest> documents = new CopyOnWriteArrayList<>();
    private final List<Metadata> metadata = new CopyOnWriteArrayList<>();
    private final Server server;
    private final int port;
    private final Map<String, Reaction> reactions = new ConcurrentHashMap<>();
    private volatile ModelInfo model = ModelInfo.newBuilder()
            .setName("fake")
            .setSha256("0123456789abcdef")
            .setDefaultMergePolicy(MergePolicy.MERGE_POLICY_ADJACENT)
            .build();

    public FakeServer() {
        HealthStatusManager health = new HealthStatusManager();
        health.setStatus("nuner.v1.NerService", ServingStatus.SERVING);
        server = Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
                .addService(ServerInterceptors.intercept(this, this::noteMetadata))
                .addService(health.getHealthService())
                .build();
        try {
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        port = server.getPort();
    }

    /** From now on does this when it is asked about this text. */
    public void react(String text, Reaction reaction) {
        reactions.put(text, reaction);
    }

    /** From now on says that it serves this model. */
    public void serve(ModelInfo other) {
        model = other;
    }

    /** The model that it says it serves. */
    public ModelInfo model() {
        return model;
    }

    public String target() {
        return "localhost:" + port;
    }

    public List<ExtractRequest> requests() {
        return requests;
    }

    /** Texts that were asked about as documents. */
    public List<ExtractRequest> documents() {
        return documents;
    }

    public ExtractRequest onlyRequest() {
        return requests.get(0);
    }

    /** A piece of metadata of the last call; empty if it has none of that name. */
    public String lastMetadata(String name) {
        String value = metadata.get(metadata.size() - 1).get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
        return value == null ? "" : value;
    }

    private <Q, A> ServerCall.Listener<Q> noteMetadata(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        metadata.add(headers);
        return next.startCall(call, headers);
    }

    @Override
    public void extract(ExtractRequest request, StreamObserver<ExtractResponse> observer) {
        requests.add(request);
        if (request.getText().equals("busy") && overloaded.compareAndSet(true, false)) {
            observer.onError(StatusProto.toStatusRuntimeException(OVERLOADED));
            return;
        }
        if (request.getText().equals("slow")) {
            return;
        }
        if (request.getLabelOptionsCount() > 0
                && request.getLabelOptions(0).getName().equals("twice")) {
            observer.onError(Status.INVALID_ARGUMENT
                    .withDescription("label_options[2].prompt gives the model the same tokens as label_options[0]")
                    .asRuntimeException());
            return;
        }
        if (request.getLabelsList().contains("twice")) {
            observer.onError(StatusProto.toStatusRuntimeException(TWICE));
            return;
        }
        if (request.getText().equals("bad")) {
            observer.onError(Status.INVALID_ARGUMENT
                    .withDescription("text must not be bad")
                    .asRuntimeException());
            return;
        }
        react(request, observer);
    }

    private void react(ExtractRequest request, StreamObserver<ExtractResponse> observer) {
        switch (reactions.getOrDefault(request.getText(), Reaction.ANSWER)) {
            case REFUSE ->
                observer.onError(Status.INVALID_ARGUMENT
                        .withDescription("text must not be that")
                        .asRuntimeException());
            case CLOSE -> close();
            case MISS -> {
                observer.onNext(ExtractResponse.getDefaultInstance());
                observer.onCompleted();
            }
            case ANSWER -> {
                observer.onNext(answer(request));
                observer.onCompleted();
            }
        }
    }

    /** What it does when it is asked about a text. */
    public enum Reaction {
        /** Finds an entity, as always. */
        ANSWER,
        /** Finds nothing. */
        MISS,
        /** Refuses the text. */
        REFUSE,
        /** Ends without an answer. */
        CLOSE
    }

    @Override
    public void extractBatch(ExtractBatchRequest request, StreamObserver<ExtractBatchResponse> observer) {
        ExtractBatchResponse.Builder response = ExtractBatchResponse.newBuilder();
        request.getRequestsList().stream().map(FakeServer::item).forEach(response::addItems);
        observer.onNext(response.build());
        observer.onCompleted();
    }

    @Override
    public StreamObserver<ExtractStreamRequest> extractStream(StreamObserver<ExtractStreamResponse> observer) {
        return new StreamObserver<>() {
            private long index;

            @Override
            public void onNext(ExtractStreamRequest message) {
                if (message.hasRequest()) {
                    requests.add(message.getRequest());
                    ExtractBatchItem item = item(message.getRequest());
                    ExtractStreamResponse.Builder answer =
                            ExtractStreamResponse.newBuilder().setIndex(index);
                    observer.onNext(
                            item.hasError()
                                    ? answer.setError(item.getError()).build()
                                    : answer.setResponse(item.getResponse()).build());
                    index++;
                }
            }

            @Override
            public void onError(Throwable failure) {
                // the client is gone
            }

            @Override
            public void onCompleted() {
                observer.onCompleted();
            }
        };
    }

    @Override
    public void extractDocument(ExtractDocumentRequest asked, StreamObserver<ExtractDocumentResponse> observer) {
        ExtractRequest request = asked.getRequest();
        documents.add(request);
        if (request.getText().startsWith("bad")) {
            observer.onError(Status.INVALID_ARGUMENT
                    .withDescription("text must not be bad")
                    .asRuntimeException());
            return;
        }
        if (request.getText().startsWith("large")) {
            observer.onError(Status.RESOURCE_EXHAUSTED
                    .withDescription("gRPC message exceeds maximum size 7: 9")
                    .asRuntimeException());
            return;
        }
        int half = request.getText().length() / 2;
        observer.onNext(part(request, 0, half).build());
        if (request.getText().startsWith("stop")
                || (request.getText().startsWith("once") && stopping.compareAndSet(true, false))) {
            observer.onError(StatusProto.toStatusRuntimeException(draining()));
            return;
        }
        observer.onNext(part(request, half, 2 * half)
                .setUsage(Usage.newBuilder().setWindows(2))
                .build());
        observer.onCompleted();
    }

    private static com.google.rpc.Status draining() {
        return com.google.rpc.Status.newBuilder()
                .setCode(Status.Code.UNAVAILABLE.value())
                .setMessage("done up to there")
                .addDetails(Any.pack(ErrorInfo.newBuilder()
                        .setDomain("nuner.v1")
                        .setReason("DRAINING")
                        .build()))
                .build();
    }

    private static ExtractDocumentResponse.Builder part(ExtractRequest request, int start, int end) {
        return ExtractDocumentResponse.newBuilder()
                .setSafeUntil(end)
                .addEntities(Entity.newBuilder()
                        .setStart(start)
                        .setEnd(end)
                        .setText(request.getText().substring(start, start + 3))
                        .setLabel(request.getLabels(0))
                        .setScore(0.75f));
    }

    @Override
    public void getServerInfo(GetServerInfoRequest request, StreamObserver<GetServerInfoResponse> observer) {
        Limits limits = Limits.newBuilder()
                .setMaxTextsPerBatch(32)
                .setMaxMessageBytes(1 << 20)
                .build();
        observer.onNext(GetServerInfoResponse.newBuilder()
                .setLimits(limits)
                .setModel(model)
                .setEngine(
                        EngineInfo.newBuilder().setName("none").setVersion("7").setDevice("cpu"))
                .setDefaultLongTextPolicy(LongTextPolicy.LONG_TEXT_POLICY_WINDOW)
                .setServerVersion("1.2.3")
                .build());
        observer.onCompleted();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        close();
    }

    @Override
    public void close() {
        server.shutdownNow();
    }

    private static ExtractBatchItem item(ExtractRequest request) {
        if (request.getText().equals("bad")) {
            return ExtractBatchItem.newBuilder()
                    .setError(com.google.rpc.Status.newBuilder()
                            .setCode(Status.Code.INVALID_ARGUMENT.value())
                            .setMessage("text must not be bad"))
                    .build();
        }
        return ExtractBatchItem.newBuilder().setResponse(answer(request)).build();
    }

    private static ExtractResponse answer(ExtractRequest request) {
        if (request.getText().equals("nothing")) {
            return ExtractResponse.getDefaultInstance();
        }
        return ExtractResponse.newBuilder()
                .addEntities(Entity.newBuilder()
                        .setEnd(request.getText().length())
                        .setText(request.getText())
                        .setLabel(
                                request.getLabelsCount() > 0
                                        ? request.getLabels(0)
                                        : request.getLabelOptions(0).getName())
                        .setScore(0.75f))
                .setUsage(Usage.newBuilder()
                        .setWords(1)
                        .setSearchedEnd(request.getText().length())
                        .setLabelGroups(request.getText().equals("grouped") ? 3 : 1)
                        .setCutEntities(request.getText().equals("cut") ? 1 : 0)
                        .setShortenedWords(request.getText().equals("shortened") ? 2 : 0)
                        .setTruncated(request.getText().equals("long")))
                .build();
    }
}
