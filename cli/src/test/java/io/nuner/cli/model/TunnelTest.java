package io.nuner.cli.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.cli.Nuner;
import io.nuner.model.hub.FakeHub;
import io.nuner.model.hub.FakeProxy;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ServerSocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An encrypted hub behind a proxy that wants a login, by the command in a virtual machine of its own. */
class TunnelTest {
    private static final String MODEL = "numind/Tiny";
    private static final String PASSWORD = "changeit";
    private static final String LOGIN =
            "Basic " + Base64.getEncoder().encodeToString("me:p@ss".getBytes(StandardCharsets.UTF_8));

    @TempDir
    private Path directory;

    @Test
    void theCommandLogsInAndTunnels() throws Exception {
        Path keys = keys();
        try (FakeHub hub = new FakeHub(sockets(keys));
                FakeProxy proxy = new FakeProxy(LOGIN)) {
            String endpoint = hub.address().replace("http:", "https:");

            String output = fetch(keys, endpoint, "http://me:p%40ss@127.0.0.1:" + proxy.port());

            assertThat(output)
                    .contains("numind/Tiny does not exist") // the empty hub's answer: the tunnel stands
                    .doesNotContain("p%40ss", "p@ss");
            assertThat(proxy.heads()).hasSize(1).allMatch(head -> head.startsWith("CONNECT 127.0.0.1:"));
            assertThat(hub.requestsToHub())
                    .hasSize(1)
                    .noneMatch(request -> request.headers().containsKey("proxy-authorization"));
        }
    }

    private String fetch(Path keys, String endpoint, String proxy) throws IOException, InterruptedException {
        ProcessBuilder command = new ProcessBuilder(
                java("java"),
                "-Djavax.net.ssl.trustStore=" + keys,
                "-Djavax.net.ssl.trustStorePassword=" + PASSWORD,
                "-XX:TieredStopAtLevel=1",
                Nuner.class.getName(),
                "fetch",
                MODEL,
                "--endpoint=" + endpoint,
                "--cache=" + directory.resolve("cache"));
        command.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        command.environment().put("https_proxy", proxy);
        command.environment().remove("no_proxy");
        command.environment().remove("NO_PROXY");
        return run(command);
    }

    private Path keys() throws IOException, InterruptedException {
        Path keys = directory.resolve("keys.p12");
        List<String> words = new ArrayList<>(List.of(java("keytool"), "-genkeypair", "-keyalg", "EC"));
        words.addAll(List.of("-dname", "CN=localhost", "-ext", "SAN=ip:127.0.0.1", "-storetype", "PKCS12"));
        words.addAll(List.of("-keystore", keys.toString(), "-storepass", PASSWORD, "-alias", "hub"));
        String output = run(new ProcessBuilder(words));
        assertThat(Files.exists(keys)).as(output).isTrue();
        return keys;
    }

    private static String java(String program) {
        return Path.of(System.getProperty("java.home"), "bin", program).toString();
    }

    private static String run(ProcessBuilder command) throws IOException, InterruptedException {
        Process process = command.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return output;
    }

    private static ServerSocketFactory sockets(Path keys) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream content = Files.newInputStream(keys)) {
            store.load(content, PASSWORD.toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context.getServerSocketFactory();
    }
}
