package io.nuner.server.transport;

import io.nuner.server.transport.TransportConfig.Sockets;
import io.nuner.server.transport.TransportObserver.Cut;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Lets sockets in while there are not too many, in all and of their peer. Any thread. */
final class Peers {
    /** Whoever has an IPv6 address has a network of this many bits. */
    private static final int IPV6_NETWORK_BITS = 64;

    private final Sockets bounds;
    private final TransportObserver observer;
    private final Map<InetAddress, Peer> known = new HashMap<>();
    private int sockets;

    Peers(Sockets bounds, TransportObserver observer) {
        this.bounds = bounds;
        this.observer = observer;
    }

    /** Counts a new socket and says whose it is; empty if there is no room for it. */
    synchronized Optional<Peer> admit(InetAddress address) {
        if (sockets >= bounds.most()) {
            observer.cut(Cut.TOO_MANY);
            return Optional.empty();
        }
        boolean proxy = bounds.proxies().stream().anyMatch(range -> range.contains(address));
        Peer peer = proxy ? new Peer() : known.computeIfAbsent(network(address), unknown -> new Peer());
        if (peer.sockets >= bounds.mostPerPeer()) {
            observer.cut(Cut.TOO_MANY_OF_PEER);
            return Optional.empty();
        }
        peer.sockets++;
        sockets++;
        return Optional.of(peer);
    }

    /** An admitted socket is closed. */
    synchronized void left(InetAddress address, Peer peer) {
        sockets--;
        peer.sockets--;
        if (peer.sockets == 0) {
            known.remove(network(address), peer);
        }
    }

    private static InetAddress network(InetAddress address) {
        if (!(address instanceof Inet6Address)) {
            return address;
        }
        try {
            return InetAddress.getByAddress(AddressRange.prefix(address.getAddress(), IPV6_NETWORK_BITS));
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e); // its length is right
        }
    }
}
