package io.nuner.server.attack;

import static io.nuner.server.RunningServer.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.server.RunningServer;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every malformed call is answered, none as if the server did not know why, and the connection goes on. */
class MalformedCallsTest {
    private static final long SEED = 20_261_130L;

    private static RunningServer running;

    @BeforeAll
    static void start() throws Exception {
        running = RunningServer.start();
    }

    @AfterAll
    static void stop() {
        running.close();
    }

    @ParameterizedTest
    @EnumSource(MalformedCalls.Form.class)
    void itCostsItsOwnCallOnly(MalformedCalls.Form form) throws Exception {
        Random random = new Random(SEED);
        try (RawHttp2 client = RawHttp2.connect(running.server.port())) {
            for (int i = 0; i < 2; i++) {
                Map<String, String> end = form.send(client, random);

                assertThat(end).as(form + ", seed " + SEED).doesNotContainKeys("goaway", "closed");
                assertThat(end.get("grpc-status")).as(end.toString()).isNotEqualTo("2");
                assertThat(end.containsKey("grpc-status") || end.containsKey("rst"))
                        .isTrue();
            }
            int good = client.callWith(
                    "nuner.v1.NerService/Extract", request("one", "city").toByteArray());
            assertThat(client.end(good)).containsEntry("grpc-status", "0");
        }
    }
}
