package io.nuner.server.rpc;

import com.google.protobuf.Message;
import io.nuner.server.batching.Refusal;
import org.jspecify.annotations.Nullable;

/** What came over the wire: a message, or the reason why the bytes are none. Immutable. */
final class Inbound<T extends Message> {
    private final T message;
    private final @Nullable Refusal refusal;

    private Inbound(T message, @Nullable Refusal refusal) {
        this.message = message;
        this.refusal = refusal;
    }

    static <T extends Message> Inbound<T> of(T message) {
        return new Inbound<>(message, null);
    }

    static <T extends Message> Inbound<T> refused(T emptyMessage, Refusal refusal) {
        return new Inbound<>(emptyMessage, refusal);
    }

    /** The message; empty if it is refused. */
    T message() {
        return message;
    }

    /** Why there is no message; null if there is one. */
    @Nullable
    Refusal refusal() {
        return refusal;
    }
}
