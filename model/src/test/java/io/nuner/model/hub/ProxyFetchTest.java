package io.nuner.model.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.nuner.model.hub.proxy.Proxies;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A hub behind a proxy, without encryption; with it, see TunnelTest. */
class ProxyFetchTest {
    private static final String LOGIN =
            "Basic " + Base64.getEncoder().encodeToString("me:p@ss:word".getBytes(StandardCharsets.UTF_8));

    @TempDir
    private Path cache;

    @RegisterExtension
    private final FetchScene scene = new FetchScene(() -> cache);

    @Test
    void everythingGoesThroughTheProxyWithItsLogin() throws Exception {
        try (FakeProxy proxy = new FakeProxy(LOGIN)) {
            scene.use(Proxies.of(Map.of("http_proxy", "http://me:p%40ss:word@127.0.0.1:" + proxy.port())));

            scene.fetch();

            int requests = scene.hub().requestsToHub().size()
                    + scene.hub().requestsToCdn().size();
            assertThat(proxy.heads()).hasSize(requests).allMatch(head -> head.contains(" http://127.0.0.1:"));
        }
    }

    @Test
    void theProxysLoginGoesToTheProxyOnly() throws Exception {
        scene.use(Proxies.of(Map.of("http_proxy", "me:secret@127.0.0.1:1", "no_proxy", "127.0.0.1")));

        scene.fetch();

        assertThat(scene.hub().requestsToHub())
                .isNotEmpty()
                .noneMatch(request -> request.headers().containsKey("proxy-authorization"));
    }

    @Test
    void aLoginThatIsMissingOrWrongIsNamedButNotShown() throws IOException {
        try (FakeProxy proxy = new FakeProxy(LOGIN)) {
            String address = "127.0.0.1:" + proxy.port();
            scene.use(Proxies.of(Map.of("http_proxy", address)));
            fails("the proxy " + address + " wants a login: write it into https_proxy or http_proxy, as"
                    + " http://USER:PASSWORD@" + address);

            scene.use(Proxies.of(Map.of("http_proxy", "me:secret@" + address)));
            fails("the proxy " + address + " does not accept the login of https_proxy or http_proxy");
        }
    }

    @Test
    void soIsOneOfATunnel() throws IOException {
        try (FakeProxy proxy = new FakeProxy(LOGIN)) {
            String address = "127.0.0.1:" + proxy.port();
            scene.useEndpoint("https://127.0.0.1:1");
            scene.use(Proxies.of(Map.of("https_proxy", address)));

            fails("the proxy " + address + " wants a login: write it into https_proxy or http_proxy, as"
                    + " http://USER:PASSWORD@" + address);
        }
    }

    @Test
    void aProxyThatIsNotThereIsNamedInsteadOfTheHub() throws IOException {
        String address;
        try (ServerSocket socket = new ServerSocket(0)) {
            address = "127.0.0.1:" + socket.getLocalPort();
        }
        scene.use(Proxies.of(Map.of("http_proxy", "me:secret@" + address)));

        fails("the proxy " + address + " cannot be reached: nobody listens there (tried 5 times)");
    }

    private void fails(String message) {
        assertThatExceptionOfType(HubException.class).isThrownBy(scene::fetch).withMessage(message);
    }
}
