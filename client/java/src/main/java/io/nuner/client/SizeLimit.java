package io.nuner.client;

import com.google.protobuf.Any;
import com.google.rpc.BadRequest;
import com.google.rpc.BadRequest.FieldViolation;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Status;

/**
 * What a server reads of one message. A message of a stream that is larger would end the stream, so it is not sent. Immutable.
 *
 * @param maxMessageBytes as {@code GetServerInfo} tells it; 0 if it does not
 */
record SizeLimit(int maxMessageBytes) {
    /** The field and length of a request in a message of the stream. */
    private static final int OVERHEAD_BYTES = 8;

    boolean admits(SentText text) {
        return maxMessageBytes == 0 || bytes(text) <= maxMessageBytes;
    }

    /** What the server would have said. */
    ExtractionException refusal(SentText text) {
        String rule = "makes a message of " + bytes(text) + " bytes; the server reads at most " + maxMessageBytes;
        BadRequest field = BadRequest.newBuilder()
                .addFieldViolations(FieldViolation.newBuilder().setField("text").setDescription(rule))
                .build();
        ErrorInfo reason = ErrorInfo.newBuilder()
                .setDomain(ExtractionException.DOMAIN)
                .setReason("MESSAGE_TOO_LARGE")
                .build();
        return ExtractionException.of(Status.newBuilder()
                .setCode(Code.INVALID_ARGUMENT_VALUE)
                .setMessage("text " + rule)
                .addDetails(Any.pack(field))
                .addDetails(Any.pack(reason))
                .build());
    }

    private static long bytes(SentText text) {
        return text.bytes() + (long) OVERHEAD_BYTES;
    }
}
