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
import io.nuner.v1.ErrorDetails;
import io.nuner.v1.ErrorReason;
import io.nuner.v1.ExtractBatchItem;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
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
    private static final String PREFIX = "ERROR_REASON_";
    private static final int MIN_DELAY_MILLIS = 50;
    private static final int MAX_DELAY_MILLIS = 2000;
    /** Longer hints are cut to this, which leaves room to spread callers out. */
    private static final int MAX_HINT_MILLIS = 1500;

    private static final int MILLIS_PER_SECOND = 1000;
    private static final int NANOS_PER_MILLI = 1_000_000;

    /** Of reasons without numbers. */
    private static final Map<Rejection, ErrorInfo> BARE = new EnumMap<>(Rejection.class);

    static {
        for (Rejection rejection : Rejection.values()) {
            BARE.put(rejection, info(reason(rejection)).build());
        }
    }

    private RejectionStatus() {}

    /** The status with its details. */
    static Status of(Refusal refusal) {
        return status(refusal, details(refusal));
    }

    /** The refusal as one item of a batch carries it. */
    static ExtractBatchItem item(Refusal refusal) {
        ErrorDetails details = details(refusal);
        return ExtractBatchItem.newBuilder()
                .setError(status(refusal, details))
                .setErrorDetails(details)
                .build();
    }

    /** What a refusal carries besides code and message. */
    static ErrorDetails details(Refusal refusal) {
        ErrorDetails.Builder details =
                ErrorDetails.newBuilder().setReason(reason(refusal.reason())).setErrorInfo(info(refusal));
        if (!refusal.field().isEmpty()) {
            details.setBadRequest(violation(refusal));
        }
        if (isTemporary(refusal.reason())) {
            details.setRetryInfo(retry(delayMillis(refusal)));
        }
        return details.build();
    }

    /**
     * The same details as {@code google.rpc.Status} has them.
     *
     * @param details of this refusal: each call of {@link #details} draws another delay
     */
    static Status status(Refusal refusal, ErrorDetails details) {
        Status.Builder status =
                Status.newBuilder().setCode(code(refusal.reason()).getNumber()).setMessage(refusal.message());
        if (details.hasBadRequest()) {
            status.addDetails(Any.pack(details.getBadRequest()));
        }
        if (details.hasRetryInfo()) {
            status.addDetails(Any.pack(details.getRetryInfo()));
        }
        return status.addDetails(Any.pack(details.getErrorInfo())).build();
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
        CallTrace.refused(refusal.reason());
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

    private static ErrorInfo info(Refusal refusal) {
        ErrorInfo bare = Objects.requireNonNull(BARE.get(refusal.reason()));
        Map<String, String> numbers = refusal.fact().metadata();
        return numbers.isEmpty()
                ? bare
                : bare.toBuilder().putAllMetadata(numbers).build();
    }

    private static ErrorInfo.Builder info(ErrorReason reason) {
        return ErrorInfo.newBuilder()
                .setReason(reason.name().substring(PREFIX.length()))
                .setDomain(DOMAIN);
    }

    private static BadRequest violation(Refusal refusal) {
        return BadRequest.newBuilder()
                .addFieldViolations(BadRequest.FieldViolation.newBuilder()
                        .setField(refusal.field())
                        .setDescription(refusal.rule()))
                .build();
    }

    /** When there may be room again, spread out, so that refused callers do not come back all at once. */
    private static int delayMillis(Refusal refusal) {
        int least = (int) Math.max(MIN_DELAY_MILLIS, Math.min(MAX_HINT_MILLIS, refusal.hintMillis()));
        return ThreadLocalRandom.current().nextInt(least, Math.min(MAX_DELAY_MILLIS, 2 * least) + 1);
    }

    /** The type of a reason; unspecified for those that no caller is told. */
    static ErrorReason reason(Rejection reason) {
        return switch (reason) {
            case CANCELLED, UNDELIVERED -> ErrorReason.ERROR_REASON_UNSPECIFIED;
            default -> ErrorReason.valueOf(PREFIX + reason.name());
        };
    }

    static Code code(Rejection reason) {
        return switch (reason) { // no default: a new reason must not compile until it is mapped
            case INVALID, MESSAGE_TOO_LARGE, TEXT_TOO_LONG, LABELS_TOO_LONG, ANSWER_TOO_LARGE -> Code.INVALID_ARGUMENT;
            case UNAUTHENTICATED -> Code.UNAUTHENTICATED;
            case OVERLOADED, UNREAD_ANSWERS -> Code.RESOURCE_EXHAUSTED;
            case EXPIRED, UNMEETABLE, STREAM_IDLE -> Code.DEADLINE_EXCEEDED;
            case CANCELLED -> Code.CANCELLED;
            case ENGINE_FAILED, DEFECT -> Code.INTERNAL;
            case UNDELIVERED, ENGINE_LOST, DRAINING, SHUTTING_DOWN -> Code.UNAVAILABLE;
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
