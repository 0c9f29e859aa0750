package io.nuner.model.hub;

import java.util.Map;

/**
 * What a client sent.
 *
 * @param target path and query
 * @param headers by lower-case name
 */
public record FakeRequest(String method, String target, Map<String, String> headers) {
    String header(String name) {
        return headers.getOrDefault(name, "");
    }

    String path() {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }
}
