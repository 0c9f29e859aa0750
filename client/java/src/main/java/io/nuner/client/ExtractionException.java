package io.nuner.client;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.Optional;

/** The server refused or could not be reached. The message names the field and the limit and echoes no text. */
public final class ExtractionException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Status.Code code;
    private final String field;

    private ExtractionException(Status.Code code, String field, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
        this.field = field;
    }

    private ExtractionException(Status.Code code, String field, String message) {
        super(message);
        this.code = code;
        this.field = field;
    }

    static ExtractionException of(StatusRuntimeException failure) {
        com.google.rpc.Status status = StatusProto.fromThrowable(failure);
        String field = status == null ? "" : firstField(status);
        return new ExtractionException(failure.getStatus().getCode(), field, describe(failure.getStatus()), failure);
    }

    static ExtractionException of(com.google.rpc.Status status) {
        Status.Code code = Status.fromCodeValue(status.getCode()).getCode();
        return new ExtractionException(code, firstField(status), status.getMessage());
    }

    private static String describe(Status status) {
        String description = status.getDescription();
        return description == null || description.isEmpty() ? status.getCode().name() : description;
    }

    private static String firstField(com.google.rpc.Status status) {
        for (Any detail : status.getDetailsList()) {
            if (detail.is(BadRequest.class)) {
                return fieldIn(detail);
            }
        }
        return "";
    }

    private static String fieldIn(Any detail) {
        try {
            BadRequest request = detail.unpack(BadRequest.class);
            return request.getFieldViolationsCount() == 0
                    ? ""
                    : request.getFieldViolations(0).getField();
        } catch (InvalidProtocolBufferException e) {
            return "";
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
}
