package io.nuner.server.rpc;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Message;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.StatusRuntimeException;
import io.nuner.server.batching.Refusal;
import io.nuner.server.batching.Rejection;
import java.io.IOException;
import java.io.InputStream;

/**
 * Bytes to a request; never throws. Any thread.
 *
 * <p>gRPC parses before any interceptor sees the call and answers UNKNOWN, with a stack trace in the log, when parsing
 * throws. So wrong bytes become a value here, and the service answers them like any other bad request.
 */
final class RequestMarshaller<T extends Message> implements Marshaller<Inbound<T>> {
    /** The contract nests four messages deep. */
    private static final int RECURSION_LIMIT = 16;

    private final T empty;
    private final int maxBytes;

    RequestMarshaller(T empty, int maxBytes) {
        this.empty = empty;
        this.maxBytes = maxBytes;
    }

    @Override
    public Inbound<T> parse(InputStream stream) {
        try {
            byte[] bytes = stream.readNBytes(Math.addExact(maxBytes, 1));
            return bytes.length > maxBytes ? refused(tooLarge()) : parse(bytes);
        } catch (StatusRuntimeException e) { // gRPC's own limit on decompressed bytes
            return refused(tooLarge());
        } catch (IOException | RuntimeException e) {
            return refused(Refusal.saying(Rejection.INVALID, "the message cannot be decompressed"));
        }
    }

    private Inbound<T> parse(byte[] bytes) {
        try {
            CodedInputStream input = CodedInputStream.newInstance(bytes);
            input.setRecursionLimit(RECURSION_LIMIT);
            Message message = empty.getParserForType().parseFrom(input);
            input.checkLastTagWas(0);
            @SuppressWarnings("unchecked") // a message's parser makes messages of its own type
            T typed = (T) message;
            return Inbound.of(typed);
        } catch (IOException | RuntimeException e) {
            return refused(WireFault.find(empty.getDescriptorForType(), bytes));
        }
    }

    private Inbound<T> refused(Refusal refusal) {
        return Inbound.refused(empty, refusal);
    }

    private Refusal tooLarge() {
        return Refusal.saying(Rejection.TOO_LARGE, "the message is larger than the limit of " + maxBytes + " bytes");
    }

    @Override
    public InputStream stream(Inbound<T> value) {
        throw new UnsupportedOperationException("a server sends no requests");
    }
}
