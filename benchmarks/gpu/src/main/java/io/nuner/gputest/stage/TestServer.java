package io.nuner.gputest.stage;

import io.nuner.engine.EngineException;
import io.nuner.engine.EngineLimits;
import io.nuner.gputest.options.Options.BuildOptions;
import io.nuner.server.InferenceServer;
import io.nuner.server.ServedModel;
import io.nuner.server.config.DrainConfig;
import io.nuner.server.config.LoadConfig;
import io.nuner.server.config.QueueConfig;
import io.nuner.server.config.ServerConfig;
import io.nuner.server.transport.TransportConfig;
import java.io.IOException;
import java.time.Duration;

/** The server on a free port of this machine, with limits that callers who never pause do not reach. */
final class TestServer {
    private static final int MOST_CALLS = 1 << 14;
    private static final int UNREAD_BYTES = 512 << 20;
    private static final long MOST_TOKENS = 1L << 24;

    private TestServer() {}

    /** Starts it; the engine is the server's from now on. */
    static InferenceServer start(OpenedEngine opened) throws IOException, EngineException {
        ServerConfig config = ServerConfig.builder()
                .port(0)
                .reflection(ServerConfig.Reflection.OFF)
                .load(new LoadConfig(MOST_CALLS, MOST_TOKENS, MOST_CALLS, 0, 0))
                .queue(new QueueConfig(
                        Duration.ofSeconds(20), QueueConfig.DEFAULT.bulkAging(), QueueConfig.DEFAULT.maxLinger()))
                .transport(transport())
                .drain(new DrainConfig(Duration.ZERO, Duration.ofSeconds(2)))
                .build();
        return InferenceServer.start(
                config,
                new ServedModel(opened.model(), opened.model().manifest().name()),
                opened.engine(),
                fault -> System.err.println("the engine is lost: " + fault));
    }

    /** Limits that the load does not reach. */
    private static TransportConfig transport() {
        TransportConfig usual = TransportConfig.DEFAULT;
        TransportConfig.Times times = usual.times();
        return usual.withCalls(
                        new TransportConfig.Calls(MOST_CALLS, usual.calls().metadataBytes()))
                .withUnread(new TransportConfig.Unread(
                        UNREAD_BYTES, UNREAD_BYTES, usual.unread().messageTime()))
                .withTimes(new TransportConfig.Times(
                        times.handshake(),
                        times.keepaliveMin(),
                        times.silence(),
                        times.maxIdle(),
                        Duration.ofHours(24)));
    }

    /** Callers that keep a batch running on every lane, another one waiting, and a few texts on their way. */
    static int saturatingCallers(EngineLimits limits, int lanes, int tokens) {
        int rows = Math.min(limits.maxRows(), Math.max(1, limits.maxBatchTokens() / tokens));
        return Math.min(MOST_CALLS / 2, 2 * lanes * rows + 64);
    }

    /** The same for texts of many lengths. */
    static int saturatingCallers(EngineLimits limits, BuildOptions build) {
        return saturatingCallers(limits, build.lanes(), 100);
    }
}
