package io.nuner.model.hub;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a {@link FaultyServer} sends. Immutable. */
final class FakeReply {
    private static final int NOTHING = 0;

    private final int status;
    private final Map<String, String> headers;
    private final byte[] body;
    private final int sent;
    private final Ending ending;

    private FakeReply(int status, Map<String, String> headers, byte[] body, int sent, Ending ending) {
        this.status = status;
        this.headers = headers;
        this.body = body;
        this.sent = sent;
        this.ending = ending;
    }

    static FakeReply of(int status, byte[] body) {
        return new FakeReply(
                status,
                Map.of("Content-Length", String.valueOf(body.length), "Connection", "close"),
                body,
                body.length,
                Ending.CLOSE);
    }

    static FakeReply of(int status) {
        return of(status, new byte[0]);
    }

    static FakeReply json(String json) {
        return of(200, json.getBytes(StandardCharsets.UTF_8)).with("Content-Type", "application/json");
    }

    FakeReply with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new FakeReply(status, more, body, sent, ending);
    }

    FakeReply without(String header) {
        Map<String, String> fewer = new LinkedHashMap<>(headers);
        fewer.remove(header);
        return new FakeReply(status, fewer, body, sent, ending);
    }

    /** Other bytes under the same headers. */
    FakeReply withBody(byte[] other) {
        return new FakeReply(status, headers, other, other.length, ending);
    }

    /** Sends only the first bytes of the body. */
    FakeReply endingAfter(int bytes, Ending how) {
        return new FakeReply(status, headers, body, Math.min(bytes, body.length), how);
    }

    /** Sends nothing at all, and is silent. */
    FakeReply withoutHead() {
        return new FakeReply(NOTHING, headers, new byte[0], 0, Ending.SILENCE);
    }

    String head() {
        if (status == NOTHING) {
            return "";
        }
        StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " Reason\r\n");
        headers.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
        return head.append("\r\n").toString();
    }

    byte[] body() {
        return body.clone();
    }

    byte[] sentBytes() {
        return Arrays.copyOf(body, sent);
    }

    /** What is not sent at first. */
    byte[] restOfBytes() {
        return Arrays.copyOfRange(body, sent, body.length);
    }

    Ending ending() {
        return ending;
    }

    /** What happens behind the last byte. */
    enum Ending {
        CLOSE,
        RESET,
        SILENCE,
        /** The rest comes after {@link FaultyServer#resume}. */
        PAUSE
    }
}
