package io.nuner.server.rpc;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.nuner.server.batching.Refusal;
import io.nuner.server.batching.Rejection;

/**
 * Refuses calls whose metadata is larger than the soft limit. Any thread.
 *
 * <p>Beyond the transport's own limit it answers HTTP 431, which clients report as UNKNOWN, or drops the connection; so
 * that one is set far above this one.
 *
 * @param maxBytes names and values, each entry with 32 bytes more as in RFC 9113 section 6.5.2
 */
public record MetadataLimit(int maxBytes) implements ServerInterceptor {
    private static final int ENTRY_OVERHEAD = 32;

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        if (size(headers) <= maxBytes) {
            return next.startCall(call, headers);
        }
        Refusal refusal =
                Refusal.saying(Rejection.TOO_LARGE, "the metadata is larger than the limit of " + maxBytes + " bytes");
        return RejectionStatus.end(call, refusal);
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

    private static <T> int entries(Metadata headers, Metadata.Key<T> key, java.util.function.ToIntFunction<T> length) {
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
