package io.nuner.cli.hub;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Set;

/**
 * HTTP as a hub needs it: follows redirects itself, so that the token goes to the hub's own server only and an encrypted
 * exchange stays encrypted. One thread at a time.
 */
final class HubHttp {
    /** In the redirect that leads to a large file, the checksum of that file. */
    static final String LINKED_TAG = "X-Linked-ETag";

    private static final int MAX_REDIRECTS = 5;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    private final HubEndpoint endpoint;
    private final AccessToken token;
    private final HubTimeouts timeouts;
    private final String userAgent;
    private final HttpClient client;

    HubHttp(HubEndpoint endpoint, AccessToken token, HubTimeouts timeouts, String userAgent) {
        this.endpoint = endpoint;
        this.token = token;
        this.timeouts = timeouts;
        this.userAgent = userAgent;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1) // one large body at a time: nothing to multiplex
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(timeouts.connect())
                .build();
    }

    /** Follows redirects to whoever has the content. */
    HubResponse get(URI uri, Map<String, String> headers) throws HubException, InterruptedException {
        return send("GET", uri, headers);
    }

    /** As {@link #get}, but without content, and no further than to the one who knows the checksum. */
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
            uri = Redirect.target(uri, response.header("Location").orElse(""));
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
        return request.build();
    }

    private HubResponse exchange(HttpRequest request) throws HubException, InterruptedException {
        try {
            HttpResponse<Body> response = client.send(request, header -> new Body(timeouts.idle()));
            return new HubResponse(request.uri(), response.statusCode(), response.headers(), response.body());
        } catch (IOException e) {
            throw ConnectionProblem.of(request.uri().getHost(), e);
        }
    }
}
