package io.nuner.server.transport;

import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Headers;
import io.grpc.netty.shaded.io.netty.util.AsciiString;
import io.nuner.server.transport.TransportObserver.Early;
import io.nuner.v1.NerServiceGrpc;
import java.util.Base64;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The headers of one call, made harmless. One thread at a time.
 *
 * <p>gRPC ends the whole connection for some rules that one call breaks, and quotes others at any length. What it would
 * do that with is left out here, and the call is to be refused.
 */
final class RequestHeaders {
    /** Tells {@link Intake} which stream a call came on; callers cannot set it. */
    static final String STREAM = "nuner-stream";

    private static final int ENTRY_OVERHEAD = 32;
    private static final int MOST_TIMEOUT_DIGITS = 8;
    private static final long NO_TIMEOUT = -1;
    private static final String TIMEOUT = "grpc-timeout";
    private static final String BINARY_SUFFIX = "-bin";
    /** gRPC quotes these to the caller; with its own words that makes less than 100 bytes. The longest path is gRPC's. */
    private static final Map<String, Integer> MOST_QUOTED_BYTES =
            Map.of(":path", 80, ":method", 60, "content-type", 60);

    private static final Set<String> PSEUDO = Set.of(":path", ":method", ":scheme", ":authority");
    private static final Set<String> OF_CONNECTIONS =
            Set.of("connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade");
    private static final Set<String> NEEDED = Set.of(":path", ":method", ":scheme", "content-type", "te");

    /** Paths of the service's methods that take several messages. */
    private static final Set<String> STREAMS = NerServiceGrpc.getServiceDescriptor().getMethods().stream()
            .filter(method -> !method.getType().clientSendsOneMessage())
            .map(method -> "/" + method.getFullMethodName())
            .collect(Collectors.toUnmodifiableSet());

    private final Http2Headers kept = new DefaultHttp2Headers(false);
    private final Set<String> pseudo = new HashSet<>();
    private long sizeBytes;
    private long timeoutNanos = Long.MAX_VALUE;
    private boolean streaming;
    private @Nullable EarlyRefusal fault;

    private RequestHeaders() {}

    /** Reads what a client sent as the beginning of a call on that stream. */
    static RequestHeaders of(int stream, Http2Headers sent) {
        RequestHeaders headers = new RequestHeaders();
        for (Map.Entry<CharSequence, CharSequence> header : sent) {
            headers.add(header.getKey().toString(), header.getValue());
        }
        headers.kept.add(STREAM, Integer.toString(stream));
        if (headers.sizeBytes > NettyTransport.HARD_METADATA_BYTES) {
            headers.fault = EarlyRefusal.tooLarge(
                    Early.METADATA, "the metadata", headers.sizeBytes, NettyTransport.HARD_METADATA_BYTES);
        }
        return headers;
    }

    private void add(String name, CharSequence value) {
        sizeBytes += (long) name.length() + value.length() + ENTRY_OVERHEAD;
        @Nullable Fault wrong = fault(name, value);
        if (wrong != null) {
            fault = new EarlyRefusal(Early.HEADERS, wrong.sentence);
        } else if (!name.equals(STREAM)) {
            keep(name, value);
        }
    }

    private @Nullable Fault fault(String name, CharSequence value) {
        if (name.startsWith(":")) {
            boolean first = PSEUDO.contains(name) && pseudo.add(name) && pseudo.size() > kept.size();
            return first && !value.isEmpty() ? null : Fault.PSEUDO;
        }
        if (OF_CONNECTIONS.contains(name) || (name.equals("te") && !"trailers".contentEquals(value))) {
            return Fault.OF_CONNECTION;
        }
        if (name.isEmpty() || name.chars().anyMatch(c -> c >= 'A' && c <= 'Z')) {
            return Fault.NAME;
        }
        if (name.equals(TIMEOUT) && timeoutNanos(value) == NO_TIMEOUT) {
            return Fault.TIMEOUT;
        }
        return name.endsWith(BINARY_SUFFIX) && !isBase64(value) ? Fault.BINARY : null;
    }

    private static boolean isBase64(CharSequence values) {
        String all = values.toString();
        int start = 0;
        try {
            while (start <= all.length()) {
                int comma = all.indexOf(',', start);
                int end = comma < 0 ? all.length() : comma;
                Base64.getDecoder().decode(all.substring(start, end));
                start = end + 1;
            }
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private void keep(String name, CharSequence value) {
        int most = MOST_QUOTED_BYTES.getOrDefault(name, Integer.MAX_VALUE);
        CharSequence shown = value.length() > most ? value.subSequence(0, most) : value;
        kept.add(AsciiString.cached(name), shown);
        if (name.equals(TIMEOUT)) {
            timeoutNanos = timeoutNanos(value);
        }
        streaming |= name.equals(":path") && isStreaming(value.toString());
    }

    private static boolean isStreaming(String path) {
        return path.startsWith("/grpc.reflection.") || STREAMS.contains(path);
    }

    /** What gRPC may see: everything, or what it needs to begin the call that is then refused. */
    Http2Headers forGrpc() {
        if (fault == null) {
            return kept;
        }
        Http2Headers few = new DefaultHttp2Headers(false);
        for (Map.Entry<CharSequence, CharSequence> header : kept) {
            if (NEEDED.contains(header.getKey().toString())) {
                few.add(header.getKey(), header.getValue());
            }
        }
        return few;
    }

    /** Why the call must be refused. */
    Optional<EarlyRefusal> fault() {
        return Optional.ofNullable(fault);
    }

    /** Names and values, each with the 32 bytes of RFC 9113 section 6.5.2. */
    long sizeBytes() {
        return sizeBytes;
    }

    /** What the caller allows; very long if it does not say. */
    long timeoutNanos() {
        return timeoutNanos;
    }

    /** Whether the method takes several messages, so that nobody knows when its last one comes. */
    boolean isStreaming() {
        return streaming;
    }

    private static long timeoutNanos(CharSequence value) {
        int digits = value.length() - 1;
        if (digits < 1
                || digits > MOST_TIMEOUT_DIGITS
                || !value.chars().limit(digits).allMatch(RequestHeaders::isDigit)) {
            return NO_TIMEOUT;
        }
        @Nullable TimeUnit unit = unit(value.charAt(digits));
        return unit == null ? NO_TIMEOUT : unit.toNanos(Long.parseLong(value, 0, digits, 10));
    }

    private static boolean isDigit(int character) {
        return character >= '0' && character <= '9';
    }

    private static @Nullable TimeUnit unit(char letter) {
        return switch (letter) {
            case 'H' -> TimeUnit.HOURS;
            case 'M' -> TimeUnit.MINUTES;
            case 'S' -> TimeUnit.SECONDS;
            case 'm' -> TimeUnit.MILLISECONDS;
            case 'u' -> TimeUnit.MICROSECONDS;
            case 'n' -> TimeUnit.NANOSECONDS;
            default -> null;
        };
    }

    /** What is wrong with a header. */
    private enum Fault {
        BINARY("a metadata value under a name that ends with -bin must be base64"),
        TIMEOUT("metadata grpc-timeout must be 1 to 8 digits and one of H, M, S, m, u, n"),
        NAME("a metadata name must not be empty and must be in lower case"),
        PSEUDO("HTTP/2 headers that begin with a colon must be known, first, given once, not empty"),
        OF_CONNECTION("headers of HTTP/1 connections, and te but for trailers, must not be sent");

        private final String sentence;

        Fault(String sentence) {
            this.sentence = sentence;
        }
    }
}
