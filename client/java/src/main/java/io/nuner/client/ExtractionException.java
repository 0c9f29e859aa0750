package io.nuner.client;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The server refused or could not be reached. The message names the field and the limit and echoes no text. */
public final class ExtractionException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Status.Code code;
    private final String field;
    private final @Nullable Duration retryAfter;
    private final @Nullable Duration estimate;

    private ExtractionException(StatusRuntimeException failure, com.google.rpc.Status details) {
        super(describe(failure.getStatus()), failure);
        this.code = failure.getStatus().getCode();
        this.field = firstField(details);
        this.retryAfter = retryDelay(details);
        this.estimate = estimate(details);
    }

    private ExtractionException(com.google.rpc.Status status) {
        super(status.getMessage());
        this.code = Status.fromCodeValue(status.getCode()).getCode();
        this.field = firstField(status);
        this.retryAfter = retryDelay(status);
        this.estimate = estimate(status);
    }

    static ExtractionException of(StatusRuntimeException failure) {
        com.google.rpc.Status details = StatusProto.fromThrowable(failure);
        return new ExtractionException(failure, details == null ? com.google.rpc.Status.getDefaultInstance() : details);
    }

    static ExtractionException of(com.google.rpc.Status status) {
        return new ExtractionException(status);
    }

    private static String describe(Status status) {
        String description = status.getDescription();
        return description == null || description.isEmpty() ? status.getCode().name() : description;
    }

    private static String firstField(com.google.rpc.Status status) {
        return detail(status, BadRequest.class)
                .filter(request -> request.getFieldViolationsCount() > 0)
                .map(request -> request.getFieldViolations(0).getField())
                .orElse("");
    }

    private static @Nullable Duration retryDelay(com.google.rpc.Status status) {
        return detail(status, RetryInfo.class)
                .map(RetryInfo::getRetryDelay)
                .map(delay -> Duration.ofSeconds(delay.getSeconds(), delay.getNanos()))
                .orElse(null);
    }

    private static @Nullable Duration estimate(com.google.rpc.Status status) {
        String millis = detail(status, ErrorInfo.class)
                .map(info -> info.getMetadataOrDefault("estimate_ms", ""))
                .orElse("");
        return millis.matches("[0-9]{1,15}") ? Duration.ofMillis(Long.parseLong(millis)) : null;
    }

    private static <T extends Message> Optional<T> detail(com.google.rpc.Status status, Class<T> type) {
        for (Any detail : status.getDetailsList()) {
            if (detail.is(type)) {
                return unpack(detail, type);
            }
        }
        return Optional.empty();
    }

    private static <T extends Message> Optional<T> unpack(Any detail, Class<T> type) {
        try {
            return Optional.of(detail.unpack(type));
        } catch (InvalidProtocolBufferException e) {
            return Optional.empty();
        }
    }

    /** What kind of failure it is; UNAVAILABLE was already retried. */
    public Status.Code code() {
        return code;
    }

    /** The field at fault, e.g. {@code labels[2]}, if the server named one. */
    public Optional<String> field() {
        return field.isEmpty() ? Optional.empty() : Optional.of(field);
    }

    /** How long to wait before asking again, if the server is overloaded and says so. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /** How long the answer would have taken, if the server refused the text at once because the deadline was too near. */
    public Optional<Duration> estimate() {
        return Optional.ofNullable(estimate);
    }
}
