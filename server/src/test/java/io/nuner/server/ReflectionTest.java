package io.nuner.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.server.attack.RawHttp2;
import io.nuner.server.config.ServerConfig;
import io.nuner.server.config.ServerConfig.Reflection;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether clients may ask for the contract. */
class ReflectionTest {
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, , 0",
        "0.0.0.0, , 12",
        "0.0.0.0, true, 0",
        "127.0.0.1, false, 12",
    })
    void bothVersionsAreThereOnLoopbackOrIfChosen(String host, Boolean chosen, String status) throws Exception {
        ServerConfig config = RunningServer.CONFIG.toBuilder()
                .host(host)
                .reflection(Reflection.of(chosen))
                .build();
        try (RunningServer running = RunningServer.start(config);
                RawHttp2 client = RawHttp2.connect(running.server.port())) {
            for (String version : new String[] {"v1", "v1alpha"}) {
                assertThat(listServices(client, version)).containsEntry("grpc-status", status);
            }
        }
    }

    private static Map<String, String> listServices(RawHttp2 client, String version) throws IOException {
        String method = "grpc.reflection." + version + ".ServerReflection/ServerReflectionInfo";
        byte[] listServices = {0x3a, 0}; // field 7, empty
        return client.end(client.callWith(method, listServices));
    }
}
