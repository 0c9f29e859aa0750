package io.nuner.model.hub;

import io.nuner.model.hub.proxy.Proxies;
import io.nuner.model.hub.proxy.ProxyServer;
import java.io.IOException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * HTTP as a hub needs it: follows redirects itself, so that the token goes to the hub's own server only and an encrypted
 * exchange stays encrypted. One thread at a time.
 */
final class HubHttp {
    /** In the redirect that leads to a large file, the checksum of that file. */
    static final String LINKED_TAG = "X-Linked-ETag";

    private static final int MAX_REDIRECTS = 5;
    private static final int PROXY_LOGIN_REQUIRED = 407;
    private static final String BASIC_LOGIN_OVER_TUNNELS = "jdk.http.auth.tunneling.disabledSchemes";
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    static {
        // Without this, set before its first use, HttpClient sends no login to a proxy of https addresses.
        if (System.getProperty(BASIC_LOGIN_OVER_TUNNELS) == null) {
            System.setProperty(BASIC_LOGIN_OVER_TUNNELS, "");
        }
    }

    private final HubEndpoint endpoint;
    private final AccessToken token;
    private final Proxies proxies;
    private final HubClient.Timeouts timeouts;
    private final String userAgent;
    private final HttpClient client;

    HubHttp(HubEndpoint endpoint, AccessToken token, Proxies proxies, HubClient.Timeouts timeouts, String userAgent) {
        this.endpoint = endpoint;
        this.token = token;
        this.proxies = proxies;
        this.timeouts = timeouts;
        this.userAgent = userAgent;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1) // one large body at a time: nothing to multiplex
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(timeouts.connect())
                .proxy(new Selector())
                .build();
    }

    /** Follows redirects to the server that has the content. */
    HubResponse get(URI uri, Map<String, String> headers) throws HubException, InterruptedException {
        return send("GET", uri, headers);
    }

    /** As {@link #get}, but without content; stops at the first server that tells the checksum. */
    HubResponse head(URI uri) throws HubException, InterruptedException {
        return send("HEAD", uri, Map.of());
    }

    private HubResponse send(String method, URI start, Map<String, String> headers)
            throws HubException, InterruptedException {
        URI uri = start;
        for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
            HubResponse response = exchange(request(method, uri, headers));
            boolean knowsEnough =
                    "HEAD".equals(method) && response.header(LINKED_TAG).isPresent();
            if (!REDIRECTS.contains(response.status()) || knowsEnough) {
                return response;
            }
            response.close();
            uri = HubEndpoint.redirected(uri, response.header("Location").orElse(""));
        }
        throw new HubException(start.getHost() + " redirects more than " + MAX_REDIRECTS + " times");
    }

    private HttpRequest request(String method, URI uri, Map<String, String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .timeout(timeouts.response())
                .header("User-Agent", userAgent)
                .header("Accept-Encoding", "identity");
        headers.forEach(request::header);
        if (endpoint.isOriginOf(uri)) {
            token.authorization().ifPresent(value -> request.header("Authorization", value));
        }
        proxy(uri).flatMap(ProxyServer::authorization).ifPresent(value -> request.header("Proxy-Authorization", value));
        return request.build();
    }

    private HubResponse exchange(HttpRequest request) throws HubException, InterruptedException {
        try {
            HttpResponse<Body> response = client.send(request, header -> new Body(timeouts.idle()));
            Optional<ProxyServer> proxy = proxy(request.uri());
            if (response.statusCode() == PROXY_LOGIN_REQUIRED && proxy.isPresent()) {
                throw noLogin(proxy.get(), response.body());
            }
            return new HubResponse(request.uri(), response.statusCode(), response.headers(), response.body());
        } catch (IOException e) {
            String host = request.uri().getHost();
            Optional<ProxyServer> proxy = proxy(request.uri());
            throw proxy.isPresent()
                    ? ConnectionProblem.of(host, proxy.get().toString(), e)
                    : ConnectionProblem.of(host, e);
        }
    }

    /** Closes the body, which the refusal of a tunnel does not have. */
    private static HubException noLogin(ProxyServer proxy, @Nullable Body body) {
        if (body != null) {
            body.close();
        }
        return new HubException("the proxy " + proxy
                + (proxy.authorization().isPresent()
                        ? " does not accept the login of https_proxy or http_proxy"
                        : " wants a login: write it into https_proxy or http_proxy, as http://USER:PASSWORD@" + proxy));
    }

    /** The environment's proxy, unless the virtual machine was told another one. */
    private Optional<ProxyServer> proxy(URI uri) {
        return System.getProperty(uri.getScheme() + ".proxyHost") == null ? proxies.forAddress(uri) : Optional.empty();
    }

    /** Gives HttpClient the proxies. */
    private final class Selector extends ProxySelector {
        @Override
        public List<Proxy> select(URI uri) {
            return proxy(uri)
                    .map(server -> List.of(new Proxy(Proxy.Type.HTTP, server.address())))
                    .orElseGet(() -> ProxySelector.getDefault().select(uri));
        }

        @Override
        public void connectFailed(URI uri, SocketAddress address, IOException failure) {
            // the exchange fails, too, with the cause
        }
    }
}
