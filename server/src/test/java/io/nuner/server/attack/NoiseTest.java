package io.nuner.server.attack;

import static io.nuner.server.RunningServer.request;
import static io.nuner.server.attack.RawHttp2.frameBytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.server.RunningServer;
import io.nuner.server.config.ServerConfig;
import io.nuner.server.transport.TransportConfig;
import io.nuner.server.transport.TransportConfig.Noise;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Frames that bring nothing, and calls that are begun only to be given up. */
class NoiseTest {
    private static final String EXTRACT = "nuner.v1.NerService/Extract";
    private static final int FRAMES = 150;
    private static final int RESETS = 50;
    private static final ServerConfig CONFIG = RunningServer.CONFIG.toBuilder()
            .transport(TransportConfig.DEFAULT.withNoise(new Noise(FRAMES, RESETS)))
            .build();

    private static RunningServer running;

    @BeforeAll
    static void start() throws Exception {
        running = RunningServer.start(CONFIG);
    }

    @AfterAll
    static void stop() {
        running.close();
    }

    static Stream<Flood> floods() {
        byte[] one = {0, 0, 0, 1};
        return Stream.of(
                new Flood("settings", setting(3, 1), 0),
                new Flood("window settings", setting(4, 70_000), 0),
                new Flood("empty settings", frameBytes(RawHttp2.SETTINGS, 0, 0, new byte[0]), 0),
                new Flood("settings acknowledged", frameBytes(RawHttp2.SETTINGS, RawHttp2.ACK, 0, new byte[0]), 0),
                new Flood("window updates", frameBytes(RawHttp2.WINDOW_UPDATE, 0, 0, one), 0),
                new Flood("window updates of a stream", frameBytes(RawHttp2.WINDOW_UPDATE, 0, 1, one), 1),
                new Flood("priorities", frameBytes(RawHttp2.PRIORITY, 0, 5, new byte[5]), 0),
                new Flood("unknown frames", frameBytes(0xbe, 0, 0, new byte[8]), 0),
                new Flood("pings", frameBytes(RawHttp2.PING, 0, 0, new byte[8]), 0),
                new Flood("pings acknowledged", frameBytes(RawHttp2.PING, RawHttp2.ACK, 0, new byte[8]), 0),
                new Flood("empty data", frameBytes(RawHttp2.DATA, 0, 1, new byte[0]), 1),
                new Flood("tiny data", frameBytes(RawHttp2.DATA, 0, 1, new byte[1]), 1),
                new Flood("padded data", frameBytes(RawHttp2.DATA, RawHttp2.PADDED, 1, padding()), 1),
                new Flood("resets of nothing", frameBytes(RawHttp2.RST_STREAM, 0, 1, one), 1));
    }

    @ParameterizedTest
    @MethodSource("floods")
    void aFloodIsCutOffAndOthersGoOn(Flood flood) throws Exception {
        try (RawHttp2 noisy = RawHttp2.connect(running.server.port())) {
            for (int i = 0; i < flood.calls; i++) {
                noisy.call(EXTRACT);
            }
            noisy.send(flood.times(FRAMES + 12));

            assertThat(noisy.goodbye()).isIn("11 too_many_frames", "11 too_many_pings");
        }
        assertThat(running.stub().extract(request("one", "city")).getUsage().getWords())
                .isEqualTo(1);
    }

    @Test
    void aBusyConnectionMayBeAsNoisyAsItsWorkIs() throws Exception {
        byte[] message = request("one", "city").toByteArray();
        try (RawHttp2 busy = RawHttp2.connect(running.server.port())) {
            for (int i = 0; i < FRAMES; i++) {
                int stream = busy.callWith(EXTRACT, message);
                for (int update = 0; update < 5; update++) {
                    busy.openWindow(0, 1);
                }
                assertThat(busy.end(stream)).containsEntry("grpc-status", "0");
            }
        }
    }

    @Test
    void callsThatAreOnlyGivenUpAreCutOff() throws Exception {
        try (RawHttp2 client = RawHttp2.connect(running.server.port())) {
            for (int i = 0; i <= RESETS; i++) {
                client.reset(client.call(EXTRACT));
            }

            assertThat(client.goodbye()).isEqualTo("11 too_many_resets");
        }
    }

    @Test
    void callsMayBeGivenUpWhenTheirTimeIsOver() throws Exception {
        try (RawHttp2 client = RawHttp2.connect(running.server.port())) {
            for (int round = 0; round < 5; round++) {
                List<Integer> late = new ArrayList<>();
                client.withHeader("grpc-timeout", "1u");
                for (int i = 0; i < RESETS; i++) {
                    late.add(client.call(EXTRACT));
                }
                client.withoutHeader("grpc-timeout");
                int later = client.callWith("nuner.v1.NerService/GetServerInfo", new byte[0]);

                assertThat(client.end(later)).containsEntry("grpc-status", "0");
                for (int stream : late) {
                    client.reset(stream);
                }
            }
        }
    }

    @Test
    void eachAnswerAllowsAnotherReset() throws Exception {
        byte[] message = request("one", "city").toByteArray();
        try (RawHttp2 client = RawHttp2.connect(running.server.port())) {
            for (int i = 0; i < 2 * RESETS; i++) {
                int answered = client.callWith(EXTRACT, message);
                Map<String, String> end = client.end(answered);
                assertThat(end).containsEntry("grpc-status", "0");
                client.reset(client.call(EXTRACT));
            }
        }
    }

    /** Each is a mistake for which the server has to reset the stream (MadeYouReset, CVE-2025-55163). */
    @Test
    void whoeverMakesTheServerResetIsCutOff() throws Exception {
        try (RawHttp2 client = RawHttp2.connect(running.server.port())) {
            int sent = 0;
            try {
                while (sent < 20 * FRAMES) {
                    int stream = client.call(EXTRACT);
                    client.openWindow(stream, 0);
                    sent++;
                }
            } catch (IOException e) {
                assertThat(sent).isPositive();
            }

            assertThat(client.goodbye()).isIn("11 too_many_resets", ""); // empty if it closed before all was read
        }
    }

    private static byte[] setting(int name, int value) {
        return frameBytes(
                RawHttp2.SETTINGS,
                0,
                0,
                ByteBuffer.allocate(6).putShort((short) name).putInt(value).array());
    }

    private static byte[] padding() {
        byte[] payload = new byte[200];
        payload[0] = (byte) 199;
        return payload;
    }

    static final class Flood {
        private final String name;
        private final byte[] frame;
        private final int calls;

        private Flood(String name, byte[] frame, int calls) {
            this.name = name;
            this.frame = frame;
            this.calls = calls;
        }

        /** Calls to begin before. */
        int calls() {
            return calls;
        }

        /** Its frame, so many times. */
        byte[] times(int count) {
            ByteBuffer many = ByteBuffer.allocate(frame.length * count);
            for (int i = 0; i < count; i++) {
                many.put(frame);
            }
            return many.array();
        }

        @Override
        public String toString() {
            return name;
        }
    }
}
