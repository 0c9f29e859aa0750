package io.nuner.model.hub;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * An answer whose body is still to be read. Closing it ends the connection if bytes are left.
 *
 * @param uri the address that answered, after all redirects; its query may be a secret and is never shown
 */
record HubResponse(URI uri, int status, HttpHeaders headers, Body body) implements AutoCloseable {
    Optional<String> header(String name) {
        return headers.firstValue(name);
    }

    /** The value of a numeric header; empty if it is absent or no number. */
    OptionalLong number(String name) {
        try {
            return header(name).map(Long::parseLong).map(OptionalLong::of).orElse(OptionalLong.empty());
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    /** The entity tag, if it is strong: only then equal tags mean equal bytes. */
    Optional<String> strongTag() {
        return header("ETag").filter(tag -> tag.length() > 2 && tag.startsWith("\"") && tag.endsWith("\""));
    }

    /**
     * The next bytes of the body; empty at its end.
     *
     * @throws HubException if none come in time, or the connection breaks
     */
    Optional<ByteBuffer> next() throws HubException, InterruptedException {
        try {
            return body.next();
        } catch (IOException e) {
            throw ConnectionProblem.of(host(), e);
        }
    }

    String host() {
        return uri.getHost();
    }

    @Override
    public void close() {
        body.close();
    }
}
