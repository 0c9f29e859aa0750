package io.nuner.server.transport;

import java.time.Duration;
import java.util.List;

/**
 * What connections may do. Immutable.
 *
 * @param sockets how many there may be
 * @param calls what a call may bring
 * @param unread what calls may hold before they are read
 * @param noise how much may be sent that is no call
 * @param times when a connection is closed
 */
public record TransportConfig(Sockets sockets, Calls calls, Unread unread, Noise noise, Times times) {
    public static final TransportConfig DEFAULT = new TransportConfig(
            new Sockets(2000, 200, List.of()),
            new Calls(256, 8 * 1024),
            new Unread(16 << 20, 64 << 20, Duration.ofSeconds(30)),
            new Noise(1000, 1000),
            new Times(
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(10),
                    new Silence(Duration.ofSeconds(60), Duration.ofSeconds(10)),
                    Duration.ofMinutes(15),
                    Duration.ofMinutes(30)));

    /** The same with other bounds on sockets. */
    public TransportConfig withSockets(Sockets other) {
        return new TransportConfig(other, calls, unread, noise, times);
    }

    /** The same with other bounds on a call. */
    public TransportConfig withCalls(Calls other) {
        return new TransportConfig(sockets, other, unread, noise, times);
    }

    /** The same with other bounds on what is not read yet. */
    public TransportConfig withUnread(Unread other) {
        return new TransportConfig(sockets, calls, other, noise, times);
    }

    /** The same with other bounds on frames that are no calls. */
    public TransportConfig withNoise(Noise other) {
        return new TransportConfig(sockets, calls, unread, other, times);
    }

    /** The same with other times. */
    public TransportConfig withTimes(Times other) {
        return new TransportConfig(sockets, calls, unread, noise, other);
    }

    private static void positive(String key, long value) {
        require(value >= 1, key, "at least 1", value);
    }

    private static void positive(String key, Duration value) {
        require(value.toMillis() > 0, key, "longer than zero", value);
    }

    private static void require(boolean holds, String key, String rule, Object value) {
        if (!holds) {
            throw new IllegalArgumentException(key + " must be " + rule + ", but was " + value);
        }
    }

    /**
     * How many sockets are open at once; the newest beyond that is closed at once.
     *
     * @param most of all peers together
     * @param mostPerPeer of one peer: an IPv4 address, or the network of 64 bits that an IPv6 address is in
     * @param proxies peers that bring the calls of many and so have no bound of their own
     */
    public record Sockets(int most, int mostPerPeer, List<AddressRange> proxies) {
        public Sockets {
            positive("transport.max-connections", most);
            positive("transport.max-connections-per-peer", mostPerPeer);
            proxies = List.copyOf(proxies);
        }
    }

    /**
     * What a call may bring.
     *
     * @param perConnection calls of a connection at the same time
     * @param metadataBytes metadata of one call
     */
    public record Calls(int perConnection, int metadataBytes) {
        public Calls {
            positive("transport.calls-per-connection", perConnection);
            positive("transport.metadata-bytes", metadataBytes);
            require(
                    metadataBytes <= NettyTransport.HARD_METADATA_BYTES / 2,
                    "transport.metadata-bytes",
                    "at most " + NettyTransport.HARD_METADATA_BYTES / 2,
                    metadataBytes);
        }
    }

    /**
     * What calls may hold from their first frame until the service has read them; each counts {@link Budget#CALL_BYTES}
     * more than what was sent.
     *
     * @param connectionBytes calls of one connection; the call that goes beyond is refused
     * @param allBytes all calls; beyond, calls of the peer that holds most are refused
     * @param messageTime from a call's first frame to its last
     */
    public record Unread(long connectionBytes, long allBytes, Duration messageTime) {
        public Unread {
            positive("transport.max-unread-bytes-per-connection", connectionBytes);
            require(allBytes >= connectionBytes, "transport.max-unread-bytes", "no less than a connection's", allBytes);
            positive("transport.message-time", messageTime);
        }
    }

    /**
     * How much a connection may send that is no call; beyond, it is closed with ENHANCE_YOUR_CALM.
     *
     * @param frames frames in 10 s that bring nothing, such as pings, settings and empty data; and besides
     *     {@link Calm#FRAMES_FOR_EACH} for each call it begins and each frame of an answer it takes
     * @param resets calls in 30 s that it gives up before their deadline; and besides one for each that is answered
     */
    public record Noise(int frames, int resets) {
        public Noise {
            positive("transport.max-idle-frames", frames);
            positive("transport.max-resets", resets);
        }
    }

    /**
     * When a connection is closed.
     *
     * @param handshake in this time a client must have sent its settings and confirmed the server's, and each begun frame
     *     or header block must be complete
     * @param keepaliveMin clients may ping this often
     * @param silence how long nothing may come
     * @param maxIdle it is closed after this time without calls
     * @param maxAge it is asked to close after this, so that clients rebalance
     */
    public record Times(Duration handshake, Duration keepaliveMin, Silence silence, Duration maxIdle, Duration maxAge) {
        public Times {
            positive("transport.handshake", handshake);
            positive("transport.keepalive-min", keepaliveMin);
            positive("transport.max-idle", maxIdle);
            positive("transport.max-age", maxAge);
        }
    }

    /**
     * How long nothing at all may come from a connection; every HTTP/2 peer that lives answers the server's ping.
     *
     * @param untilPing after this the server pings
     * @param untilCut after this time more the connection is closed
     */
    public record Silence(Duration untilPing, Duration untilCut) {
        public Silence {
            positive("transport.silence-until-ping", untilPing);
            positive("transport.silence-until-cut", untilCut);
        }
    }
}
