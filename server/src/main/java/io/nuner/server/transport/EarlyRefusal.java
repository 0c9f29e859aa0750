package io.nuner.server.transport;

import io.nuner.server.transport.TransportObserver.Early;
import org.jspecify.annotations.Nullable;

/**
 * A call that the transport refuses, before gRPC has read all of it. Immutable.
 *
 * @param reason why
 * @param sentence what its client is told, in printable ASCII without percent signs
 * @param bytes how large something is that is too large; 0 if nothing is
 * @param mostBytes how large that may be
 */
public record EarlyRefusal(Early reason, String sentence, long bytes, long mostBytes) {
    private static final ThreadLocal<@Nullable Early> UNDER_WAY = new ThreadLocal<>();

    /** Nothing is too large. */
    EarlyRefusal(Early reason, String sentence) {
        this(reason, sentence, 0, 0);
    }

    /** Something is too large. */
    static EarlyRefusal tooLarge(Early reason, String what, long bytes, long mostBytes) {
        String sentence = what + " must have at most " + mostBytes + " bytes, but has " + bytes;
        return new EarlyRefusal(reason, sentence, bytes, mostBytes);
    }

    /**
     * Why the current thread ends a call just now; null if it ends none by itself. gRPC takes the call for one that its client has
     * reset, and says so to whoever follows the call, on the same thread.
     */
    public static @Nullable Early underWay() {
        return UNDER_WAY.get();
    }

    /** Ends a call for this reason. */
    void doing(Runnable end) {
        UNDER_WAY.set(reason);
        try {
            end.run();
        } finally {
            UNDER_WAY.remove();
        }
    }
}
