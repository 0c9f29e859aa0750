package io.nuner.server.attack;

import static io.nuner.server.RunningServer.request;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.ErrorInfo;
import io.nuner.server.RunningServer;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Header blocks that break a rule: each costs its own call only, since strangers may share the connection. */
class HeadersTest {
    private static final String EXTRACT = "nuner.v1.NerService/Extract";
    private static final byte[] MESSAGE = request("one", "city").toByteArray();

    private static RunningServer running;

    @BeforeAll
    static void start() throws Exception {
        running = RunningServer.start();
    }

    @AfterAll
    static void stop() {
        running.close();
    }

    private static Stream<Arguments> wrongHeaders() {
        return Stream.of(
                Arguments.of("x-bin", "%%%", "INVALID"),
                Arguments.of("x-bin", "QUJD,=", "INVALID"),
                Arguments.of("grpc-timeout", "abc", "INVALID"),
                Arguments.of("grpc-timeout", "", "INVALID"),
                Arguments.of("grpc-timeout", "5", "INVALID"),
                Arguments.of("grpc-timeout", "5x", "INVALID"),
                Arguments.of("grpc-timeout", "-5S", "INVALID"),
                Arguments.of("grpc-timeout", "123456789S", "INVALID"),
                Arguments.of("Upper-Case", "x", "INVALID"),
                Arguments.of("", "x", "INVALID"),
                Arguments.of(":unknown", "x", "INVALID"),
                Arguments.of("connection", "close", "INVALID"),
                Arguments.of("te", "none", "INVALID"),
                Arguments.of("x", "y".repeat(20_000), "MESSAGE_TOO_LARGE"),
                Arguments.of("x", "y".repeat(70_000), "MESSAGE_TOO_LARGE"),
                Arguments.of("x-bin", "QUJD".repeat(20_000), "MESSAGE_TOO_LARGE"));
    }

    @ParameterizedTest
    @MethodSource("wrongHeaders")
    void aHeaderThatIsWrongCostsItsCallOnly(String name, String value, String reason) throws Exception {
        try (RawHttp2 client = RawHttp2.connect(running.server.port())) {
            int before = client.call(EXTRACT);
            client.withHeader(name, value);
            int wrong = client.callWith(EXTRACT, MESSAGE);
            Map<String, String> refusal = client.end(wrong);
            client.withoutHeader(name);
            client.data(before, RawHttp2.message(MESSAGE), true);

            assertThat(refusal).containsEntry("grpc-status", "3").doesNotContainKey("goaway");
            assertThat(EndDetails.of(refusal).info().getReason()).isEqualTo(reason);
            assertThat(refusal.get("grpc-message")).hasSizeLessThan(120).doesNotContain(value.isEmpty() ? "?" : value);
            assertThat(client.end(before)).containsEntry("grpc-status", "0");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "x-bin, QUJD",
        "x-bin, 'QUJDRA==,QUJD'",
        "x-bin, QUI",
        "x-bin, ''",
        "x, plain",
        "grpc-timeout, 5S",
        "grpc-timeout, 99999999H"
    })
    void aHeaderThatIsRightIsNoObstacle(String name, String value) throws Exception {
        try (RawHttp2 client = RawHttp2.connect(running.server.port()).withHeader(name, value)) {
            assertThat(client.end(client.callWith(EXTRACT, MESSAGE))).containsEntry("grpc-status", "0");
        }
    }

    /** Whether the transport refuses them or the service. */
    @ParameterizedTest
    @ValueSource(ints = {9_000, 70_000})
    void metadataThatAreTooLargeAreToldTheirSizeAndTheLimit(int bytes) throws Exception {
        try (RawHttp2 client = RawHttp2.connect(running.server.port()).withHeader("x", "y".repeat(bytes))) {
            Map<String, String> refusal = client.end(client.callWith(EXTRACT, MESSAGE));

            ErrorInfo info = EndDetails.of(refusal).info();
            assertThat(info.getMetadataMap()).containsEntry("limit", "8192").containsEntry("unit", "bytes");
            String count = info.getMetadataOrThrow("count");
            assertThat(Integer.parseInt(count)).isBetween(bytes, bytes + 700);
            assertThat(refusal)
                    .containsEntry("grpc-message", "the metadata must have at most 8192 bytes, but has " + count);
        }
    }

    @Test
    void nobodyCanSaySomethingForTheTransport() throws Exception {
        try (RawHttp2 client = RawHttp2.connect(running.server.port()).withHeader("nuner-stream", "77x")) {
            assertThat(client.end(client.callWith(EXTRACT, MESSAGE))).containsEntry("grpc-status", "0");
        }
    }

    @Test
    void anUnknownMethodIsNotQuotedAtLength() throws Exception {
        try (RawHttp2 client = RawHttp2.connect(running.server.port())) {
            Map<String, String> end = client.end(client.callWith("x".repeat(50_000), MESSAGE));

            assertThat(end).containsEntry("grpc-status", "12");
            assertThat(end.get("grpc-message")).hasSizeLessThanOrEqualTo(100);
        }
    }

    @ParameterizedTest
    @CsvSource({"content-type, 415", ":method, 405"})
    void neitherIsAnythingElse(String name, String status) throws Exception {
        try (RawHttp2 client = RawHttp2.connect(running.server.port()).withHeader(name, "q".repeat(5_000))) {
            Map<String, String> end = client.end(client.callWith(EXTRACT, MESSAGE));

            assertThat(end).containsEntry(":status", status);
            assertThat(end.get("grpc-message")).hasSizeLessThanOrEqualTo(100);
        }
    }

    @Test
    void aBlockWithoutEndIsCutOff() throws Exception {
        try (RawHttp2 client = RawHttp2.connect(running.server.port())) {
            client.frame(RawHttp2.HEADERS, 0, 1, new byte[0]);
            for (int i = 0; i < 40; i++) {
                client.frame(9, 0, 1, new byte[0]);
            }

            assertThat(client.goodbye()).startsWith("11");
        }
    }

    @Test
    void aBlockThatUnfoldsToFarTooMuchIsCutOff() throws Exception {
        try (RawHttp2 client = RawHttp2.connect(running.server.port()).withHeader("x", "y".repeat(300_000))) {
            client.call(EXTRACT);

            assertThat(client.goodbye()).startsWith("11");
        }
    }

    /** Netty would say what it could not read, or how much memory it could not get. */
    @ParameterizedTest
    @CsvSource({"0, 1", "16777215, 6"})
    void aGoodbyeTellsNothingOfTheServer(int length, int error) throws Exception {
        try (RawHttp2 client = RawHttp2.connect(running.server.port())) {
            byte[] frame = RawHttp2.frameBytes(RawHttp2.DATA, 0, 7, new byte[0]);
            frame[0] = (byte) (length >> 16);
            frame[1] = (byte) (length >> 8);
            frame[2] = (byte) length;
            client.send(frame);

            assertThat(client.goodbye()).isEqualTo(error + " ");
        }
    }
}
