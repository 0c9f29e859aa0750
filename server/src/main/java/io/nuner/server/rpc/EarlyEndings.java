package io.nuner.server.rpc;

import io.nuner.server.batching.Refusal;
import io.nuner.server.batching.Refusal.Excess;
import io.nuner.server.batching.Refusal.Unit;
import io.nuner.server.batching.Rejection;
import io.nuner.server.transport.EarlyRefusal;
import io.nuner.server.transport.StreamLine.Ending;
import io.nuner.server.transport.TransportObserver.Early;
import java.util.function.Function;

/**
 * Ends the calls that the transport refuses as the service would: with the same statuses and details. Any thread.
 *
 * @param headers the service's own limit of metadata, below the transport's
 */
public record EarlyEndings(HeaderCheck headers) implements Function<EarlyRefusal, Ending> {
    @Override
    public Ending apply(EarlyRefusal early) {
        return Ending.of(RejectionStatus.exception(refusal(early)));
    }

    private Refusal refusal(EarlyRefusal early) {
        if (early.reason() == Early.METADATA) {
            return headers.tooLarge(early.bytes());
        }
        Rejection reason = reason(early.reason());
        return early.bytes() == 0
                ? Refusal.saying(reason, early.sentence())
                : Refusal.saying(reason, early.sentence(), new Excess(early.bytes(), early.mostBytes(), Unit.BYTES));
    }

    /** What the service calls it. */
    static Rejection reason(Early early) {
        return switch (early) { // no default: a new reason must not compile until it is mapped
            case UNREAD_OF_CONNECTION, UNREAD_OF_ALL -> Rejection.OVERLOADED;
            case MESSAGE_TIME -> Rejection.STREAM_IDLE;
            case MESSAGE_SIZE, METADATA -> Rejection.MESSAGE_TOO_LARGE;
            case STOPPING -> Rejection.SHUTTING_DOWN;
            case HEADERS -> Rejection.INVALID;
        };
    }
}
