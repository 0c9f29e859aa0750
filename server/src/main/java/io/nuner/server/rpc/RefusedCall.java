package io.nuner.server.rpc;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;

/** The end of a call that is refused: an exception because gRPC takes nothing else, without the cost of a stack trace. */
final class RefusedCall extends StatusRuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Metadata trailers;

    RefusedCall(Status status, Metadata trailers) {
        super(status, trailers);
        this.trailers = trailers;
    }

    Metadata trailers() {
        return trailers;
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
