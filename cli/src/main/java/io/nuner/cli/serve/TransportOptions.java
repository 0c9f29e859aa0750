package io.nuner.cli.serve;

import io.nuner.cli.common.Durations;
import io.nuner.server.transport.AddressRange;
import io.nuner.server.transport.TransportConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options of {@code nuner serve} that concern connections; their defaults are the server's own. */
final class TransportOptions {
    /** The calls of one connection may hold one quarter of what all calls may hold. */
    private static final int SHARES = 4;

    private static final TransportConfig DEFAULT = TransportConfig.DEFAULT;

    @Option(
            names = "--max-connections",
            defaultValue = "2000",
            paramLabel = "N",
            description = "Open connections. Default: ${DEFAULT-VALUE}.")
    private int maxConnections;

    @Option(
            names = "--max-connections-per-peer",
            defaultValue = "200",
            paramLabel = "N",
            description = "Open connections of one address. Default: ${DEFAULT-VALUE}.")
    private int maxConnectionsPerPeer;

    @Option(
            names = "--trusted-proxies",
            split = ",",
            converter = RangeOption.class,
            paramLabel = "ADDRESS[/BITS]",
            description = "Addresses without that bound, because they bring the calls of many. Default: none.")
    private List<AddressRange> trustedProxies = new ArrayList<>();

    @Option(
            names = "--max-unread-bytes",
            defaultValue = "67108864",
            paramLabel = "N",
            description = "What calls may hold until they are read, a quarter of it on one connection."
                    + " Default: ${DEFAULT-VALUE}.")
    private long maxUnreadBytes;

    @Option(
            names = "--message-time",
            defaultValue = "30s",
            converter = Durations.class,
            paramLabel = "TIME",
            description = "Longest time from a call's first byte to its last. Default: ${DEFAULT-VALUE}.")
    private Duration messageTime = Duration.ZERO;

    @Option(
            names = "--max-idle-frames",
            defaultValue = "1000",
            paramLabel = "N",
            description = "Frames in 10 s that bring nothing, such as pings, on one connection, beyond those that its"
                    + " calls need. Default: ${DEFAULT-VALUE}.")
    private int maxIdleFrames;

    @Option(
            names = "--max-resets",
            defaultValue = "1000",
            paramLabel = "N",
            description = "Calls in 30 s that a connection gives up before their deadline, beyond as many as are"
                    + " answered. Default: ${DEFAULT-VALUE}.")
    private int maxResets;

    @Option(
            names = "--handshake-time",
            defaultValue = "10s",
            converter = Durations.class,
            paramLabel = "TIME",
            description =
                    "Longest time for a new connection's handshake, and for one frame. Default: ${DEFAULT-VALUE}.")
    private Duration handshakeTime = Duration.ZERO;

    @Option(
            names = "--keepalive-min",
            defaultValue = "10s",
            converter = Durations.class,
            paramLabel = "TIME",
            description = "Clients may ping this often. Default: ${DEFAULT-VALUE}.")
    private Duration keepaliveMin = Duration.ZERO;

    TransportConfig config() {
        TransportConfig.Times times = DEFAULT.times();
        return DEFAULT.withSockets(new TransportConfig.Sockets(maxConnections, maxConnectionsPerPeer, trustedProxies))
                .withUnread(new TransportConfig.Unread(maxUnreadBytes / SHARES, maxUnreadBytes, messageTime))
                .withNoise(new TransportConfig.Noise(maxIdleFrames, maxResets))
                .withTimes(new TransportConfig.Times(
                        handshakeTime, keepaliveMin, times.silence(), times.maxIdle(), times.maxAge()));
    }

    /** Reads an address or a range of addresses. */
    static final class RangeOption implements ITypeConverter<AddressRange> {
        @Override
        public AddressRange convert(String value) {
            try {
                return AddressRange.parse(value);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
