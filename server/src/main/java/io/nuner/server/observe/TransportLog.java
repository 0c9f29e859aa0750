package io.nuner.server.observe;

import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Silences what gRPC logs about each single bad call and connection, with a stack trace: a caller could fill the disk with it. The
 * caller is told by the call's status.
 */
public final class TransportLog {
    // Held here because the logging library forgets the levels of loggers that nobody holds.
    private static final Logger BAD_FRAMES = Logger.getLogger("io.grpc.netty.shaded.io.grpc.netty.NettyServerStream");
    private static final Logger BAD_HEADERS = Logger.getLogger("io.grpc.netty.shaded.io.grpc.netty.NettyServerHandler");
    private static final Logger BAD_CONNECTIONS =
            Logger.getLogger("io.grpc.netty.shaded.io.grpc.netty.NettyServerTransport");

    private TransportLog() {}

    /** Silences them for the whole process. Idempotent. */
    public static void silenceBadCalls() {
        BAD_FRAMES.setLevel(Level.OFF);
        BAD_HEADERS.setLevel(Level.OFF);
        BAD_CONNECTIONS.setLevel(Level.OFF);
    }
}
