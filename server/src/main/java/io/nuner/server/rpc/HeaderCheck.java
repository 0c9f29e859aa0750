package io.nuner.server.rpc;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.nuner.server.batching.Refusal;
import io.nuner.server.batching.Rejection;
import java.util.function.ToIntFunction;

/**
 * Refuses calls by their headers, before they are read: those that are marked as too many, and those with more metadata than
 * the soft limit. Any thread.
 *
 * <p>The transport has a hard limit too, beyond which the service does not see the call; {@link EarlyEndings} answers the same.
 *
 * @param maxBytes names and values, each entry with 32 bytes more as in RFC 9113 section 6.5.2
 */
public record HeaderCheck(int maxBytes) implements ServerInterceptor {
    private static final Metadata.Key<String> TOO_MANY =
            Metadata.Key.of("nuner-queue-full", Metadata.ASCII_STRING_MARSHALLER);
    private static final int ENTRY_OVERHEAD = 32;

    /** Marks the call with these headers: there is no room in the queue of the threads that take calls in. */
    public static void markTooMany(Metadata headers) {
        headers.put(TOO_MANY, "");
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        if (headers.containsKey(TOO_MANY)) {
            return RejectionStatus.end(call, Refusal.of(Rejection.OVERLOADED));
        }
        int size = size(headers);
        return size > maxBytes ? RejectionStatus.end(call, tooLarge(size)) : next.startCall(call, headers);
    }

    /** The refusal of metadata of that size. */
    Refusal tooLarge(long bytes) {
        String message = "the metadata must have at most " + maxBytes + " bytes, but has " + bytes;
        Refusal.Excess excess = new Refusal.Excess(bytes, maxBytes, Refusal.Unit.BYTES);
        return Refusal.saying(Rejection.MESSAGE_TOO_LARGE, message, excess);
    }

    private static int size(Metadata headers) {
        int size = 0;
        for (String name : headers.keys()) {
            size += name.endsWith(Metadata.BINARY_HEADER_SUFFIX)
                    ? entries(headers, Metadata.Key.of(name, Metadata.BINARY_BYTE_MARSHALLER), value -> value.length)
                    : entries(headers, Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), String::length);
        }
        return size;
    }

    private static <T> int entries(Metadata headers, Metadata.Key<T> key, ToIntFunction<T> length) {
        Iterable<T> values = headers.getAll(key);
        int size = 0;
        if (values != null) {
            for (T value : values) {
                size += key.name().length() + length.applyAsInt(value) + ENTRY_OVERHEAD;
            }
        }
        return size;
    }
}
