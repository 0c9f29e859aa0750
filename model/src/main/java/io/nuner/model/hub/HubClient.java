package io.nuner.model.hub;

import io.nuner.model.hub.Listing.Content;
import io.nuner.model.hub.Listing.HubFile;
import io.nuner.model.hub.proxy.Proxies;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The file API of a hub, one request at a time and without a second attempt. One thread at a time. */
public final class HubClient {
    private static final int OK = 200;
    private static final int PARTIAL = 206;
    private static final int UNSATISFIABLE = 416;
    private static final int REDIRECTION = 300;
    private static final int CLIENT_ERROR = 400;
    private static final int MAX_LISTING_BYTES = 16 << 20;

    private final HubEndpoint endpoint;
    private final HubHttp http;
    private final HubRefusal refusal;

    /**
     * Connects when the first request is made.
     *
     * @param token sent to the endpoint's own server and to nobody else
     * @param proxies for the hub and the servers that it redirects to
     * @param userAgent the header of that name
     */
    public HubClient(HubEndpoint endpoint, AccessToken token, Proxies proxies, Timeouts timeouts, String userAgent) {
        this.endpoint = endpoint;
        this.http = new HubHttp(endpoint, token, proxies, timeouts, userAgent);
        this.refusal = new HubRefusal(endpoint, token);
    }

    /** The commit that a revision names now, and its files. */
    Listing listing(RepositoryId repository, Revision revision) throws HubException, InterruptedException {
        try (HubResponse response = http.get(endpoint.listing(repository, revision), Map.of())) {
            if (response.status() != OK) {
                throw refusal.of(response, repository, revision);
            }
            return Listing.parse(repository, text(response))
                    .orElseThrow(() -> new HubException(
                            response.host() + " does not answer like a hub of models; is the endpoint right?"));
        }
    }

    /**
     * Size and checksum of a file, by the headers of its own address.
     *
     * @throws HubException also if the headers lack them: nothing is fetched unverified
     */
    Content content(HubFile file) throws HubException, InterruptedException {
        try (HubResponse response = http.head(endpoint.file(file))) {
            boolean linked = response.header(HubHttp.LINKED_TAG).isPresent();
            if (response.status() != OK && !(linked && isRedirect(response))) {
                throw refusal.of(response, file);
            }
            Optional<String> tag = response.header(linked ? HubHttp.LINKED_TAG : "ETag");
            OptionalLong size = response.number(linked ? "X-Linked-Size" : "Content-Length");
            Optional<Checksum> checksum = tag.flatMap(HubClient::checksum);
            if (checksum.isEmpty() || size.isEmpty() || size.getAsLong() < 0) {
                throw new HubException(
                        response.host() + " tells no checksum of " + file + ", so it could not be verified");
            }
            return new Content(size.getAsLong(), checksum.get());
        }
    }

    /**
     * Asks for a file from an offset on. The caller closes the response.
     *
     * @param tag the entity tag of the bytes that are there; if the file has another tag now, it comes from its beginning
     * @return a response of status 200 (from the beginning), 206 (from some offset) or 416 (nothing at that offset)
     */
    HubResponse open(HubFile file, long offset, Optional<String> tag) throws HubException, InterruptedException {
        Map<String, String> headers = new LinkedHashMap<>();
        if (offset > 0) {
            headers.put("Range", "bytes=" + offset + "-");
            tag.ifPresent(value -> headers.put("If-Range", value));
        }
        HubResponse response = http.get(endpoint.file(file), headers);
        int status = response.status();
        boolean ofARange = status == PARTIAL || status == UNSATISFIABLE;
        if (status == OK || (offset > 0 && ofARange)) {
            return response;
        }
        response.close();
        throw refusal.of(response, file);
    }

    private static boolean isRedirect(HubResponse response) {
        return response.status() >= REDIRECTION && response.status() < CLIENT_ERROR;
    }

    /** The tag of a large file is its SHA-256, the tag of a small one its id in git. */
    private static Optional<Checksum> checksum(String tag) {
        String strong = tag.startsWith("W/") ? tag.substring(2) : tag;
        return Checksum.parse(strong.replace("\"", ""));
    }

    private static String text(HubResponse response) throws HubException, InterruptedException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (Optional<ByteBuffer> piece = response.next(); piece.isPresent(); piece = response.next()) {
            byte[] copy = new byte[piece.get().remaining()];
            piece.get().get(copy);
            bytes.writeBytes(copy);
            if (bytes.size() > MAX_LISTING_BYTES) {
                throw new HubException(response.host() + " lists files in more than " + MAX_LISTING_BYTES + " bytes");
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /**
     * How long a server may be silent. Immutable.
     *
     * @param connect until a connection stands
     * @param response from the request to the header of the answer
     * @param idle between two pieces of a body
     */
    public record Timeouts(Duration connect, Duration response, Duration idle) {
        /** For servers on the internet. */
        public static final Timeouts DEFAULT =
                new Timeouts(Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(30));
    }
}
