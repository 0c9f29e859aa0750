package io.nuner.model.hub.proxy;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Which addresses are reached through which proxy: {@code https_proxy}, {@code http_proxy} and {@code no_proxy}, or the same in
 * capitals. Immutable.
 */
public final class Proxies {
    private static final int HTTPS_PORT = 443;
    private static final int HTTP_PORT = 80;

    private final Map<String, ProxyServer> byScheme;
    private final List<String> exceptions;

    private Proxies(Map<String, ProxyServer> byScheme, List<String> exceptions) {
        this.byScheme = Map.copyOf(byScheme);
        this.exceptions = List.copyOf(exceptions);
    }

    /** No proxy for anything. */
    public static Proxies none() {
        return new Proxies(Map.of(), List.of());
    }

    /**
     * Those that an environment names; an empty value counts as none.
     *
     * @throws IllegalArgumentException naming the variable that holds no address of an HTTP proxy; the message does not show it
     */
    public static Proxies of(Map<String, String> environment) {
        Map<String, ProxyServer> byScheme = new HashMap<>();
        for (String scheme : List.of("http", "https")) {
            String name = scheme + "_proxy";
            String value = value(environment, name);
            if (!value.isEmpty()) {
                byScheme.put(scheme, parse(name, value));
            }
        }
        return new Proxies(byScheme, exceptions(value(environment, "no_proxy")));
    }

    private static String value(Map<String, String> environment, String name) {
        String small = environment.getOrDefault(name, "").strip();
        return small.isEmpty()
                ? environment.getOrDefault(name.toUpperCase(Locale.ROOT), "").strip()
                : small;
    }

    private static ProxyServer parse(String name, String value) {
        try {
            return ProxyServer.parse(value);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(name + " " + e.getMessage(), e);
        }
    }

    private static List<String> exceptions(String value) {
        List<String> exceptions = new ArrayList<>();
        for (String part : value.split(",", -1)) {
            for (String name : part.strip().split(" ", -1)) {
                if (!name.isBlank()) {
                    exceptions.add(name.toLowerCase(Locale.ROOT));
                }
            }
        }
        return exceptions;
    }

    /** The proxy on the way to an address; empty if it is reached directly. */
    public Optional<ProxyServer> forAddress(URI uri) {
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        return isException(uri, scheme) ? Optional.empty() : Optional.ofNullable(byScheme.get(scheme));
    }

    private boolean isException(URI uri, String scheme) {
        String host = unbracketed(String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT));
        int otherwise = scheme.equals("https") ? HTTPS_PORT : HTTP_PORT;
        int port = uri.getPort() < 0 ? otherwise : uri.getPort();
        return exceptions.stream().anyMatch(exception -> covers(exception, host, port));
    }

    /** {@code *}, a host, a domain with all hosts below it, or one of these and a port. */
    private static boolean covers(String exception, String host, int port) {
        String ending = ":" + port;
        boolean withPort = exception.endsWith(ending)
                && (exception.indexOf(':') == exception.length() - ending.length() || exception.endsWith("]" + ending));
        String name = unbracketed(withPort ? exception.substring(0, exception.length() - ending.length()) : exception);
        String domain = name.startsWith("*.") ? name.substring(1) : name;
        String bare = domain.startsWith(".") ? domain.substring(1) : domain;
        return name.equals("*") || host.equals(bare) || host.endsWith("." + bare);
    }

    private static String unbracketed(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }
}
