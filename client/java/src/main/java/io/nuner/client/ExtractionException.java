package io.nuner.client;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.nuner.v1.ErrorReason;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The server refused or could not be reached. The message names the field and the limit and echoes no text. */
public final class ExtractionException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Of the reasons of this service. */
    static final String DOMAIN = "nuner.v1";

    private static final String PREFIX = "ERROR_REASON_";

    private final Status.Code code;
    private final ErrorInfo info;
    private final String field;
    private final @Nullable Duration retryAfter;

    private ExtractionException(
            Status.Code code, String message, com.google.rpc.Status details, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.info = detail(details, ErrorInfo.class)
                .filter(said -> said.getDomain().equals(DOMAIN))
                .orElse(ErrorInfo.getDefaultInstance());
        this.field = firstField(details);
        this.retryAfter = retryDelay(details);
    }

    /** The failure of a call. */
    static ExtractionException of(StatusRuntimeException failure) {
        Status status = failure.getStatus();
        com.google.rpc.Status details = StatusProto.fromThrowable(failure);
        return new ExtractionException(
                status.getCode(),
                describe(status),
                details == null ? com.google.rpc.Status.getDefaultInstance() : details,
                failure);
    }

    /** The failure of a call that ended so. */
    static ExtractionException of(Status status, Metadata trailers) {
        return of(status.asRuntimeException(trailers));
    }

    /** A failure that the client finds itself. */
    static ExtractionException of(Status status) {
        return of(status, new Metadata());
    }

    /** The refusal of one text of several. */
    static ExtractionException of(com.google.rpc.Status status) {
        return new ExtractionException(
                Status.fromCodeValue(status.getCode()).getCode(), status.getMessage(), status, null);
    }

    private static String describe(Status status) {
        if (status.getCode() == Status.Code.UNIMPLEMENTED) {
            return "the server cannot do this, perhaps because it is older than this client: "
                    + status.getDescription();
        }
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

    /** Why the server refused; UNSPECIFIED if it did not say or says what this client does not know. */
    public ErrorReason reason() {
        return Arrays.stream(ErrorReason.values())
                .filter(reason -> reason.name().equals(PREFIX + info.getReason()))
                .findFirst()
                .orElse(ErrorReason.ERROR_REASON_UNSPECIFIED);
    }

    /** The field at fault, e.g. {@code labels[2]}, if the server named one. */
    public Optional<String> field() {
        return field.isEmpty() ? Optional.empty() : Optional.of(field);
    }

    /** How long to wait before asking again, if the server says that this helps. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /** How long the answer would have taken, if the server refused the text at once because the deadline was too near. */
    public Optional<Duration> estimate() {
        String millis = info.getMetadataOrDefault("estimate_ms", "");
        return millis.matches("[0-9]{1,15}")
                ? Optional.of(Duration.ofMillis(Long.parseLong(millis)))
                : Optional.empty();
    }

    /** What else belongs to the reason, e.g. {@code count} and {@code limit}; see {@link ErrorReason}. */
    public Map<String, String> metadata() {
        return info.getMetadataMap();
    }
}
