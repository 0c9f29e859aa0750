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
    /** Of what all calls may hold, a connection's may hold one part in so many. */
    private static final int SHARES = 4;

    private static final TransportConfig DEFAULT = TransportConfig.DEFAULT;

    @Option(names = "--max-connections", paramLabel = "N", description = "Open connections. Default: 2000.")
    private int maxConnections = DEFAULT.sockets().most();

    @Option(
            names = "--max-connections-per-peer",
            paramLabel = "N",
            description = "Open connections of one address. Default: 200.")
    private int maxConnectionsPerPeer = DEFAULT.sockets().mostPerPeer();

    @Option(
            names = "--trusted-proxies",
            split = ",",
            converter = RangeOption.class,
            paramLabel = "ADDRESS[/BITS]",
            description = "Addresses without that bound, because they bring the calls of many. Default: none.")
    private List<AddressRange> trustedProxies = new ArrayList<>();

    @Option(
            names = "--max-unread-bytes",
            paramLabel = "N",
            description = "What calls may hold until they are read, a quarter of it on one connection."
                    + " Default: 67108864.")
    private long maxUnreadBytes = DEFAULT.unread().allBytes();

    @Option(
            names = "--message-time",
            converter = Durations.class,
            paramLabel = "TIME",
            description = "Longest time from a call's first byte to its last. Default: 30s.")
    private Duration messageTime = DEFAULT.unread().messageTime();

    @Option(
            names = "--max-idle-frames",
            paramLabel = "N",
            description = "Frames in 10 s that bring nothing, such as pings, on one connection, beyond those that its"
                    + " calls need. Default: 1000.")
    private int maxIdleFrames = DEFAULT.noise().frames();

    @Option(
            names = "--max-resets",
            paramLabel = "N",
            description = "Calls in 30 s that a connection gives up before their deadline, beyond as many as are"
                    + " answered. Default: 1000.")
    private int maxResets = DEFAULT.noise().resets();

    @Option(
            names = "--handshake-time",
            converter = Durations.class,
            paramLabel = "TIME",
            description = "Longest time for a new connection's handshake, and for one frame. Default: 10s.")
    private Duration handshakeTime = DEFAULT.times().handshake();

    @Option(
            names = "--keepalive-min",
            converter = Durations.class,
            paramLabel = "TIME",
            description = "Clients may ping this often. Default: 10s.")
    private Duration keepaliveMin = DEFAULT.times().keepaliveMin();

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
