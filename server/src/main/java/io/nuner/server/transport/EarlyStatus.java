package io.nuner.server.transport;

import io.nuner.server.transport.TransportObserver.Early;

/** gRPC's status codes of calls that the transport refuses for what they hold or how long they take. */
final class EarlyStatus {
    private static final int DEADLINE_EXCEEDED = 4;
    private static final int RESOURCE_EXHAUSTED = 8;
    private static final int UNAVAILABLE = 14;

    private EarlyStatus() {}

    static int of(Early reason) {
        return switch (reason) {
            case MESSAGE_TIME -> DEADLINE_EXCEEDED;
            case STOPPING -> UNAVAILABLE;
            default -> RESOURCE_EXHAUSTED;
        };
    }
}
