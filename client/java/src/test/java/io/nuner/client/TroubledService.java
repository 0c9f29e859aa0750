package io.nuner.client;

import com.google.protobuf.Any;
import com.google.rpc.RetryInfo;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.ExtractResponse;
import io.nuner.v1.NerServiceGrpc;
import java.util.concurrent.atomic.AtomicLong;

/** A service that has too much work, or none of whose replicas can take a call, and counts the attempts. Any thread. */
final class TroubledService extends NerServiceGrpc.NerServiceImplBase {
    private static final Metadata.Key<String> PUSHBACK =
            Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

    private final AtomicLong attempts = new AtomicLong();
    private volatile Trouble trouble = Trouble.NONE;

    /** What a service may suffer from. */
    enum Trouble {
        NONE,
        /** Five times what it can do is asked of it: four of five calls are refused. */
        OVERLOAD,
        /** No call is taken. */
        OUTAGE
    }

    void suffer(Trouble newTrouble) {
        trouble = newTrouble;
    }

    /** Attempts since the last time this was asked. */
    long takeAttempts() {
        return attempts.getAndSet(0);
    }

    @Override
    public void extract(ExtractRequest request, StreamObserver<ExtractResponse> observer) {
        long attempt = attempts.incrementAndGet();
        if (trouble == Trouble.OVERLOAD && attempt % 5 != 0) {
            observer.onError(overloaded());
        } else if (trouble == Trouble.OUTAGE) {
            observer.onError(Status.UNAVAILABLE.asRuntimeException());
        } else {
            observer.onNext(ExtractResponse.getDefaultInstance());
            observer.onCompleted();
        }
    }

    /** As the server says it: the delay in the details, and that gRPC is not to repeat the call. */
    private static StatusRuntimeException overloaded() {
        Metadata trailers = new Metadata();
        trailers.put(PUSHBACK, "-1");
        com.google.rpc.Status status = com.google.rpc.Status.newBuilder()
                .setCode(Status.Code.RESOURCE_EXHAUSTED.value())
                .addDetails(Any.pack(RetryInfo.newBuilder()
                        .setRetryDelay(com.google.protobuf.Duration.newBuilder().setNanos(20_000_000))
                        .build()))
                .build();
        return StatusProto.toStatusRuntimeException(status, trailers);
    }
}
