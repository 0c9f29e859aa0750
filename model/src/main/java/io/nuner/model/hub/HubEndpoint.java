package io.nuner.model.hub;

import io.nuner.model.hub.Listing.HubFile;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** The address of a hub and of what it serves. Immutable. */
public final class HubEndpoint {
    /** The hub of Hugging Face. */
    public static final String DEFAULT = "https://huggingface.co";

    private static final int HTTPS_PORT = 443;
    private static final int HTTP_PORT = 80;

    private final URI base;

    private HubEndpoint(URI base) {
        this.base = base;
    }

    /**
     * Reads an address such as {@link #DEFAULT}; it may have a path.
     *
     * @throws IllegalArgumentException if it is anything but an http or https address of a host, without user, query and
     *     fragment
     */
    public static HubEndpoint parse(String address) {
        try {
            URI uri = new URI(address.endsWith("/") ? address.substring(0, address.length() - 1) : address);
            boolean plain = uri.getRawUserInfo() == null && uri.getRawQuery() == null && uri.getRawFragment() == null;
            if (isWeb(uri) && plain) {
                return new HubEndpoint(uri);
            }
        } catch (URISyntaxException e) {
            // refused below; the exception would repeat the address, which may hold a password
        }
        throw new IllegalArgumentException(
                "must be an http or https address such as " + DEFAULT + ", without user name, query or fragment");
    }

    /** True for an address of a host, by http or https. */
    static boolean isWeb(URI uri) {
        return ("https".equals(scheme(uri)) || "http".equals(scheme(uri))) && uri.getHost() != null;
    }

    static boolean isEncrypted(URI uri) {
        return "https".equals(scheme(uri));
    }

    /** True if scheme, host and port are this server's. The token is sent to no other. */
    boolean isOriginOf(URI uri) {
        return scheme(base).equals(scheme(uri))
                && base.getHost().equalsIgnoreCase(uri.getHost())
                && port(base) == port(uri);
    }

    /** Where the hub lists the files of a revision, with sizes and checksums. */
    URI listing(RepositoryId repository, Revision revision) {
        return URI.create(base + "/api/models/" + repository + "/revision/" + encode(revision.name()) + "?blobs=true");
    }

    /** The address where the hub serves a file or redirects to its server. */
    URI file(HubFile file) {
        return URI.create(base + "/" + file.repository() + "/resolve/" + file.commit() + "/" + encode(file.name()));
    }

    /** The repository's web page. */
    String page(RepositoryId repository) {
        return base + "/" + repository;
    }

    /** The host, for messages. */
    String host() {
        return base.getHost();
    }

    /**
     * The address that a Location header means: anywhere on the web, but never from https to http.
     *
     * @param from the address that redirects
     * @throws HubException if it may not be followed; the message does not show it, because it may hold a signature
     */
    static URI redirected(URI from, String location) throws HubException {
        URI target;
        try {
            target = from.resolve(location);
        } catch (IllegalArgumentException e) {
            throw new HubException(from.getHost() + " redirects to an address that is none", e);
        }
        if (!isWeb(target)) {
            throw new HubException(from.getHost() + " redirects to an address that is not of the web");
        }
        if (isEncrypted(from) && !isEncrypted(target)) {
            throw new HubException(from.getHost() + " redirects from https to http, which is refused");
        }
        return target;
    }

    private static String scheme(URI uri) {
        return uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    }

    private static int port(URI uri) {
        if (uri.getPort() >= 0) {
            return uri.getPort();
        }
        return isEncrypted(uri) ? HTTPS_PORT : HTTP_PORT;
    }

    private static String encode(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public String toString() {
        return base.toString();
    }
}
