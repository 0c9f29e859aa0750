package io.nuner.load;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.rpc.RetryInfo;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.ExtractResponse;
import io.nuner.v1.GetServerInfoRequest;
import io.nuner.v1.GetServerInfoResponse;
import io.nuner.v1.NerServiceGrpc;
import io.nuner.v1.Timings;
import io.nuner.v1.Usage;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A server on loopback without a model. Each call has a number, from 0, by which it behaves; texts have as many tokens as
 * characters, labels as many as there are. Counts what it sees.
 */
final class FakeNerService extends NerServiceGrpc.NerServiceImplBase implements AutoCloseable {
    /** What becomes of a call. */
    enum Behaviour {
        ANSWER,
        REFUSE,
        HANG
    }

    private static final Metadata.Key<String> TENANT =
            Metadata.Key.of("nuner-tenant", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> PUSHBACK =
            Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

    /** Malformed messages are what the tests send on purpose; gRPC reports each with a stack trace. */
    private static final Logger GRPC = Logger.getLogger("io.grpc");

    private final AtomicLong calls = new AtomicLong();
    private final Map<String, Long> tenants = new ConcurrentHashMap<>();
    private final LongFunction<Behaviour> behaviour;
    private final Server server;

    FakeNerService(LongFunction<Behaviour> behaviour) throws IOException {
        GRPC.setLevel(Level.OFF);
        this.behaviour = behaviour;
        this.server = Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
                .addService(this)
                .intercept(new TenantCount())
                .directExecutor()
                .build()
                .start();
    }

    String target() {
        return "localhost:" + server.getPort();
    }

    /** Calls that were readable. */
    long calls() {
        return calls.get();
    }

    /** Calls by tenant, readable or not, those for the server's description included. */
    Map<String, Long> tenants() {
        return tenants;
    }

    @Override
    public void extract(ExtractRequest request, StreamObserver<ExtractResponse> observer) {
        switch (behaviour.apply(calls.getAndIncrement())) {
            case ANSWER -> answer(request, observer);
            case REFUSE -> refuse(observer);
            case HANG -> {}
        }
    }

    @Override
    public void getServerInfo(GetServerInfoRequest request, StreamObserver<GetServerInfoResponse> observer) {
        observer.onNext(GetServerInfoResponse.getDefaultInstance());
        observer.onCompleted();
    }

    @Override
    public void close() {
        server.shutdownNow();
    }

    private static void answer(ExtractRequest request, StreamObserver<ExtractResponse> observer) {
        observer.onNext(ExtractResponse.newBuilder()
                .setTimings(Timings.newBuilder()
                        .setBatchRows(2)
                        .setBatchTokens(10)
                        .setBatchPaddedTokens(12)
                        .setQueueNanos(1_000_000))
                .setUsage(Usage.newBuilder()
                        .setTextTokens(request.getText().length())
                        .setPromptTokens(request.getLabelsCount()))
                .build());
        observer.onCompleted();
    }

    private static void refuse(StreamObserver<ExtractResponse> observer) {
        Metadata trailers = new Metadata();
        trailers.put(PUSHBACK, "50");
        com.google.rpc.Status status = com.google.rpc.Status.newBuilder()
                .setCode(Status.Code.RESOURCE_EXHAUSTED.value())
                .setMessage("too much work is waiting")
                .addDetails(Any.pack(RetryInfo.newBuilder()
                        .setRetryDelay(Duration.newBuilder().setNanos(50_000_000))
                        .build()))
                .build();
        observer.onError(StatusProto.toStatusRuntimeException(status, trailers));
    }

    private final class TenantCount implements ServerInterceptor {
        @Override
        public <Q, R> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
            String tenant = headers.get(TENANT);
            tenants.merge(tenant == null ? "" : tenant, 1L, Long::sum);
            return next.startCall(call, headers);
        }
    }
}
