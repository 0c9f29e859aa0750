package io.nuner.model.hub.proxy;

import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An HTTP proxy and the login that it wants, which it never prints. Immutable. */
public final class ProxyServer {
    private static final int DEFAULT_PORT = 80;
    private static final int MAX_PORT = 65_535;

    private final String host;
    private final int port;
    private final String login;

    private ProxyServer(String host, int port, String login) {
        this.host = host;
        this.port = port;
        this.login = login;
    }

    /**
     * Reads {@code http://[USER:PASSWORD@]HOST[:PORT]}; the scheme may be left out, user and password may be encoded with
     * percent signs.
     *
     * @throws IllegalArgumentException if it is anything else; the message does not repeat it, it may hold a password
     */
    static ProxyServer parse(String address) {
        try {
            URI uri = new URI(address.contains("://") ? address : "http://" + address);
            boolean plain = uri.getRawQuery() == null && uri.getRawFragment() == null;
            boolean bare = uri.getRawPath() == null
                    || uri.getRawPath().isEmpty()
                    || uri.getRawPath().equals("/");
            boolean reachable = uri.getHost() != null && uri.getPort() != 0 && uri.getPort() <= MAX_PORT;
            if ("http".equals(scheme(uri)) && reachable && plain && bare) {
                int port = uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort();
                return new ProxyServer(uri.getHost(), port, login(uri.getRawUserInfo()));
            }
        } catch (URISyntaxException e) {
            // refused below; the exception would repeat the address
        }
        throw new IllegalArgumentException("must be http://HOST:PORT or http://USER:PASSWORD@HOST:PORT");
    }

    private static String scheme(URI uri) {
        return uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    }

    private static String login(@Nullable String userInfo) {
        String encoded = userInfo == null ? "" : userInfo.replace("+", "%2B"); // a plus stands for itself here
        String login = URLDecoder.decode(encoded, StandardCharsets.UTF_8);
        if (login.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("must not have control characters in its login");
        }
        return login.isEmpty() || login.indexOf(':') >= 0 ? login : login + ":";
    }

    /** Where it listens, not looked up yet. */
    public InetSocketAddress address() {
        return InetSocketAddress.createUnresolved(host, port);
    }

    /** The value of the Proxy-Authorization header, if there is a login. */
    public Optional<String> authorization() {
        return login.isEmpty()
                ? Optional.empty()
                : Optional.of("Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8)));
    }

    /** Without the login. */
    @Override
    public String toString() {
        return host + ":" + port;
    }
}
