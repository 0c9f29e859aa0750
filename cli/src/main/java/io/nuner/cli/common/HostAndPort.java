package io.nuner.cli.common;

import com.google.common.net.InetAddresses;

/**
 * A host and a port, written as {@code HOST:PORT} or {@code [IPV6]:PORT}. Immutable.
 *
 * @param host a name, an IPv4 address, or an IPv6 address without brackets
 */
public record HostAndPort(String host, int port) {
    private static final int MAX_PORT = 65_535;
    private static final int MAX_PORT_DIGITS = 5;
    private static final int MAX_HOST_LENGTH = 253;
    private static final int MAX_LABEL_LENGTH = 63;

    /**
     * Reads an address of a server.
     *
     * @throws IllegalArgumentException if it is anything else, such as a URL, or the port is not from 1 to 65535; the message
     *     does not repeat it
     */
    public static HostAndPort parse(String text) {
        int colon = text.lastIndexOf(':');
        int port = colon < 0 ? 0 : port(text.substring(colon + 1));
        String host = colon < 0 ? "" : text.substring(0, colon);
        boolean bracketed = host.length() > 2 && host.startsWith("[") && host.endsWith("]");
        String bare = bracketed ? host.substring(1, host.length() - 1) : host;
        if (port == 0 || !(bracketed ? isIpv6(bare) : isName(bare))) {
            throw new IllegalArgumentException(
                    "must be HOST:PORT, such as localhost:8001 or [::1]:8001, with a port from 1 to " + MAX_PORT);
        }
        return new HostAndPort(bare, port);
    }

    /** 0 for anything but a port. */
    private static int port(String text) {
        boolean number = !text.isEmpty()
                && text.length() <= MAX_PORT_DIGITS
                && text.chars().allMatch(HostAndPort::isDigit);
        int port = number ? Integer.parseInt(text) : 0;
        return port <= MAX_PORT ? port : 0;
    }

    /** Without a zone, which means something on one machine only. */
    private static boolean isIpv6(String host) {
        return host.indexOf(':') >= 0 && host.indexOf('%') < 0 && InetAddresses.isInetAddress(host);
    }

    /** A name of the DNS or an IPv4 address; a name may end with a dot. */
    private static boolean isName(String host) {
        String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        if (name.isEmpty() || name.length() > MAX_HOST_LENGTH) {
            return false;
        }
        for (String label : name.split("\\.", -1)) {
            boolean holds = !label.isEmpty()
                    && label.length() <= MAX_LABEL_LENGTH
                    && label.charAt(0) != '-'
                    && label.chars().allMatch(HostAndPort::isOfName);
            if (!holds) {
                return false;
            }
        }
        return true;
    }

    private static boolean isOfName(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || isDigit(c) || c == '-' || c == '_';
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    /** The target for gRPC, with its scheme, since a host's name may look like a scheme. */
    public String grpcTarget() {
        return host.indexOf(':') < 0 ? "dns:///" + this : toString();
    }

    @Override
    public String toString() {
        return host.indexOf(':') < 0 || host.startsWith("[") ? host + ":" + port : "[" + host + "]:" + port;
    }
}
