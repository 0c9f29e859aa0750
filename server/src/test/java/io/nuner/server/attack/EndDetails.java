package io.nuner.server.attack;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import java.util.Base64;
import java.util.Map;

/** The details of how a call ended, read from its trailers. Immutable. */
public record EndDetails(Status status) {
    /** Reads the trailers as {@link RawHttp2#end} gives them; without details, the status is empty. */
    public static EndDetails of(Map<String, String> trailers) throws InvalidProtocolBufferException {
        String details = trailers.getOrDefault("grpc-status-details-bin", "");
        return new EndDetails(Status.parseFrom(Base64.getDecoder().decode(details)));
    }

    /** The ErrorInfo; an empty one if there is none. */
    public ErrorInfo info() throws InvalidProtocolBufferException {
        for (Any detail : status.getDetailsList()) {
            if (detail.is(ErrorInfo.class)) {
                return detail.unpack(ErrorInfo.class);
            }
        }
        return ErrorInfo.getDefaultInstance();
    }

    /** Whether the client is told when to come back. */
    public boolean hasRetryInfo() {
        return status.getDetailsList().stream().anyMatch(detail -> detail.is(RetryInfo.class));
    }
}
