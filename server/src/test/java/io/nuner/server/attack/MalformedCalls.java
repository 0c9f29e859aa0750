package io.nuner.server.attack;

import static io.nuner.server.RunningServer.request;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;

/** Calls that break a rule somewhere, drawn by a seed. One thread at a time. */
final class MalformedCalls {
    private static final String EXTRACT = "nuner.v1.NerService/Extract";
    private static final byte[] GOOD = RawHttp2.message(request("one", "city").toByteArray());

    private final Random random;

    MalformedCalls(long seed) {
        random = new Random(seed);
    }

    /** Makes a call of some form; what the server answered, or how the call ended. */
    Map<String, String> next(RawHttp2 client) throws IOException {
        Form[] forms = Form.values();
        return forms[random.nextInt(forms.length)].send(client, random);
    }

    /** Where a call is wrong. */
    @SuppressWarnings("ImmutableEnumChecker") // nobody changes the bytes
    enum Form {
        NO_MESSAGE(new byte[0]),
        TWO_MESSAGES(twice(GOOD)),
        HALF_A_PREFIX(new byte[] {0, 0, 0}),
        CUT_OFF(Arrays.copyOf(GOOD, GOOD.length - 1)),
        TOO_LARGE(RawHttp2.prefixed((1 << 20) + 1, new byte[10])),
        HUGE(RawHttp2.prefixed(Integer.MAX_VALUE, new byte[10])),
        NEGATIVE(RawHttp2.prefixed(-1, new byte[10])),
        BAD_FLAG(flagged(0x80)),
        COMPRESSED_WITHOUT_SAYING_HOW(flagged(1)),
        NO_PROTOBUF(RawHttp2.message("{\"text\":1}".getBytes(StandardCharsets.UTF_8))),
        NO_UTF8(RawHttp2.message(new byte[] {10, 3, (byte) 0xed, (byte) 0xa0, (byte) 0xbd})),
        CUT_FIELD(RawHttp2.message(new byte[] {10, 50, 'a'})),
        DEEP_GROUPS(RawHttp2.message(filled(200, 0x7b))),
        NOISE(RawHttp2.message(filled(300, 0xff))),
        NO_GZIP("grpc-encoding", "gzip", flagged(1)),
        GZIP_BOMB("grpc-encoding", "gzip", compressed(new byte[16 << 20])),
        UNKNOWN_ENCODING("grpc-encoding", "zebra", flagged(1)),
        BAD_TIMEOUT("grpc-timeout", "soon", GOOD),
        NO_BASE64("x-bin", "%%%", GOOD),
        UPPER_CASE("X-Upper", "x", GOOD),
        NO_GRPC("content-type", "text/plain", GOOD),
        NO_POST(":method", "GET", GOOD),
        NO_SLASH(":path", "nuner.v1.NerService/Extract", GOOD),
        NO_METHOD(":path", "/nuner.v1.NerService/Nothing", GOOD),
        NO_PATH(":path", "", GOOD),
        NO_TRAILERS("te", "none", GOOD),
        FOR_A_CONNECTION("connection", "close", GOOD),
        BAD_TENANT("nuner-tenant", "ä b", GOOD),
        BAD_KEY("nuner-key", "none", GOOD),
        LARGE_METADATA("x", "y".repeat(9_000), GOOD),
        HUGE_METADATA("x", "y".repeat(66_000), GOOD);

        private final String header;
        private final String value;
        private final byte[] body;

        Form(byte[] body) {
            this("", "", body);
        }

        Form(String header, String value, byte[] body) {
            this.header = header;
            this.value = value;
            this.body = body;
        }

        Map<String, String> send(RawHttp2 client, Random random) throws IOException {
            if (!header.isEmpty()) {
                client.withHeader(header, value);
            }
            int stream = client.call(EXTRACT);
            client.withoutHeader(header);
            int cut = body.length == 0 ? 0 : random.nextInt(body.length);
            client.data(stream, Arrays.copyOf(body, cut), false);
            client.data(stream, Arrays.copyOfRange(body, cut, body.length), true);
            return client.end(stream);
        }
    }

    private static byte[] twice(byte[] once) {
        byte[] both = Arrays.copyOf(once, 2 * once.length);
        System.arraycopy(once, 0, both, once.length, once.length);
        return both;
    }

    private static byte[] flagged(int flag) {
        byte[] message = GOOD.clone();
        message[0] = (byte) flag;
        return message;
    }

    private static byte[] filled(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private static byte[] compressed(byte[] plain) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        byte[] message = RawHttp2.message(bytes.toByteArray());
        message[0] = 1;
        return message;
    }
}
