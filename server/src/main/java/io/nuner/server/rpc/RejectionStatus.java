package io.nuner.server.rpc;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.rpc.BadRequest;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;
import io.nuner.server.batching.Refusal;
import io.nuner.server.batching.Rejection;
import java.util.concurrent.ThreadLocalRandom;

/** The one mapping of refusals to gRPC statuses. Any thread. */
final class RejectionStatus {
    /** gRFC A6: tells a client's retry policy how long to wait; a negative number tells it not to retry. */
    private static final Metadata.Key<String> PUSHBACK =
            Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

    /** Where gRPC's richer error model has its details. */
    private static final Metadata.Key<Status> DETAILS =
            Metadata.Key.of("grpc-status-details-bin", ProtoUtils.metadataMarshaller(Status.getDefaultInstance()));

    private static final String DO_NOT_RETRY = "-1";
    private static final String DOMAIN = "nuner.v1";
    private static final int MIN_DELAY_MILLIS = 50;
    private static final int MAX_DELAY_MILLIS = 2000;
    /** Longer hints are cut to this, which leaves room to spread callers out. */
    private static final int MAX_HINT_MILLIS = 1500;

    private static final int MILLIS_PER_SECOND = 1000;
    private static final int NANOS_PER_MILLI = 1_000_000;

    private static final ErrorInfo OVERLOADED = info(Rejection.OVERLOADED).build();
    private static final ErrorInfo UNREAD = info(Rejection.UNREAD_ANSWERS).build();

    private RejectionStatus() {}

    /** The status with its details, as one item of a batch carries it. */
    static Status of(Refusal refusal) {
        Status.Builder status =
                Status.newBuilder().setCode(code(refusal.reason()).getNumber()).setMessage(refusal.message());
        if (!refusal.field().isEmpty()) {
            status.addDetails(Any.pack(violation(refusal)));
        }
        if (isTemporary(refusal.reason())) {
            ErrorInfo reason = refusal.reason() == Rejection.OVERLOADED ? OVERLOADED : UNREAD;
            status.addDetails(Any.pack(retry(delayMillis(refusal)))).addDetails(Any.pack(reason));
        }
        if (refusal.reason() == Rejection.ANSWER_TOO_LARGE) {
            status.addDetails(Any.pack(info(refusal.reason()).build()));
        }
        if (refusal.reason() == Rejection.UNMEETABLE) {
            status.addDetails(Any.pack(unmeetable(refusal)));
        }
        return status.build();
    }

    /** The status as a whole call ends with it. */
    static RefusedCall exception(Refusal refusal) {
        Metadata trailers = new Metadata();
        if (code(refusal.reason()) == Code.RESOURCE_EXHAUSTED) {
            // grpc-java tries again after a delay given here, whatever its policy says of the status code.
            trailers.put(PUSHBACK, DO_NOT_RETRY);
        }
        trailers.put(DETAILS, of(refusal));
        return new RefusedCall(
                io.grpc.Status.fromCodeValue(code(refusal.reason()).getNumber()).withDescription(refusal.message()),
                trailers);
    }

    /** Ends a call whose request was not read; the result ignores all further events of the call. */
    static <Q> ServerCall.Listener<Q> end(ServerCall<Q, ?> call, Refusal refusal) {
        RefusedCall ending = exception(refusal);
        call.close(ending.getStatus(), ending.trailers());
        return new ServerCall.Listener<>() {};
    }

    /** True if the same call may succeed a moment later. */
    private static boolean isTemporary(Rejection reason) {
        return reason == Rejection.OVERLOADED || reason == Rejection.UNREAD_ANSWERS;
    }

    private static RetryInfo retry(int delayMillis) {
        return RetryInfo.newBuilder()
                .setRetryDelay(Duration.newBuilder()
                        .setSeconds(delayMillis / MILLIS_PER_SECOND)
                        .setNanos(delayMillis % MILLIS_PER_SECOND * NANOS_PER_MILLI))
                .build();
    }

    private static ErrorInfo unmeetable(Refusal refusal) {
        return info(Rejection.UNMEETABLE)
                .putMetadata("estimate_ms", Long.toString(refusal.hintMillis()))
                .build();
    }

    private static ErrorInfo.Builder info(Rejection reason) {
        return ErrorInfo.newBuilder().setReason(reason.name()).setDomain(DOMAIN);
    }

    private static BadRequest violation(Refusal refusal) {
        return BadRequest.newBuilder()
                .addFieldViolations(BadRequest.FieldViolation.newBuilder()
                        .setField(refusal.field())
                        .setDescription(refusal.message()))
                .build();
    }

    /** When there may be room again, spread out, so that refused callers do not come back all at once. */
    private static int delayMillis(Refusal refusal) {
        int least = (int) Math.max(MIN_DELAY_MILLIS, Math.min(MAX_HINT_MILLIS, refusal.hintMillis()));
        return ThreadLocalRandom.current().nextInt(least, Math.min(MAX_DELAY_MILLIS, 2 * least) + 1);
    }

    static Code code(Rejection reason) {
        return switch (reason) { // no default: a new reason must not compile until it is mapped
            case INVALID -> Code.INVALID_ARGUMENT;
            case UNAUTHENTICATED -> Code.UNAUTHENTICATED;
            case ANSWER_TOO_LARGE -> Code.OUT_OF_RANGE; // no retry policy repeats it, and overload never has it
            case TOO_LARGE, OVERLOADED, UNREAD_ANSWERS -> Code.RESOURCE_EXHAUSTED;
            case EXPIRED, UNMEETABLE -> Code.DEADLINE_EXCEEDED;
            case CANCELLED -> Code.CANCELLED;
            case ENGINE_FAILED, DEFECT -> Code.INTERNAL;
            case UNDELIVERED, ENGINE_LOST, SHUTTING_DOWN -> Code.UNAVAILABLE;
        };
    }

    /** The end of a call that is refused: an exception, since gRPC takes nothing else, but without a stack trace. */
    static final class RefusedCall extends StatusRuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient Metadata trailers;

        private RefusedCall(io.grpc.Status status, Metadata trailers) {
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
}
