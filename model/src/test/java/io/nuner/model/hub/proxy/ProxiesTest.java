package io.nuner.model.hub.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxiesTest {
    private static final URI HUB = URI.create("https://hub.example.com/models");

    @ParameterizedTest
    @CsvSource({
        "https_proxy, http://proxy.example:3128, proxy.example:3128",
        "HTTPS_PROXY, http://proxy.example:3128/, proxy.example:3128",
        "https_proxy, proxy.example:3128, proxy.example:3128",
        "https_proxy, HTTP://proxy.example, proxy.example:80",
        "https_proxy, http://[::1]:3128, [::1]:3128",
        "https_proxy, http://me:secret@proxy.example:3128, proxy.example:3128",
        "https_proxy, '', ''",
        "http_proxy, http://proxy.example:3128, ''"
    })
    void theVariableOfTheSchemeDecides(String name, String value, String proxy) {
        assertThat(proxy(Map.of(name, value), HUB)).isEqualTo(proxy);
    }

    @Test
    void smallLettersWin() {
        assertThat(proxy(Map.of("HTTPS_PROXY", "large:1", "https_proxy", "small:2"), HUB))
                .isEqualTo("small:2");
    }

    @ParameterizedTest
    @CsvSource({
        "hub.example.com, true",
        "example.com, true",
        ".example.com, true",
        "*.example.com, true",
        "'other.org, EXAMPLE.com', true",
        "'other.org example.com', true",
        "*, true",
        "hub.example.com:443, true",
        "hub.example.com:8443, false",
        "ample.com, false",
        "example.org, false",
        "'', false",
        "',,', false"
    })
    void noProxyNamesHostsAndDomains(String exceptions, boolean direct) {
        String proxy = proxy(Map.of("https_proxy", "p:1", "no_proxy", exceptions), HUB);

        assertThat(proxy.isEmpty()).isEqualTo(direct);
    }

    @ParameterizedTest
    @CsvSource({"::1, true", "[::1], true", "[::1]:443, true", "[::1]:80, false", "::2, false"})
    void noProxyNamesAddresses(String exception, boolean direct) {
        String proxy = proxy(Map.of("https_proxy", "p:1", "NO_PROXY", exception), URI.create("https://[::1]/x"));

        assertThat(proxy.isEmpty()).isEqualTo(direct);
    }

    @ParameterizedTest
    @CsvSource({
        "http://me:secret@p:1, Basic bWU6c2VjcmV0",
        "http://me:s%40cret%3A@p:1, Basic bWU6c0BjcmV0Og==",
        "http://me:a+b@p:1, Basic bWU6YSti",
        "http://me@p:1, Basic bWU6",
        "http://p:1, ''",
        "http://@p:1, ''"
    })
    void aLoginBecomesAHeader(String value, String header) {
        ProxyServer proxy =
                Proxies.of(Map.of("https_proxy", value)).forAddress(HUB).orElseThrow();

        assertThat(proxy.authorization().orElse("")).isEqualTo(header);
        assertThat(proxy).hasToString("p:1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "socks5://me:secret@p:1",
                "https://me:secret@p:1",
                "http://me:secret@p:99999",
                "http://me:secret@p:0",
                "http://me:secret@",
                "http://me:secret@p:1/path",
                "http://me:secret@p:1?query",
                "http://me:secret@p q:1",
                "http://me:secret%0d%0aX@p:1",
                "http://me:secret%@p:1"
            })
    void anythingElseIsRefusedWithoutShowingIt(String value) {
        Map<String, String> environment = new HashMap<>(Map.of("https_proxy", value));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Proxies.of(environment))
                .withMessageStartingWith("https_proxy must ")
                .satisfies(failure -> assertThat(failure.getMessage()).doesNotContain("secret"));
    }

    private static String proxy(Map<String, String> environment, URI address) {
        return Proxies.of(environment)
                .forAddress(address)
                .map(ProxyServer::toString)
                .orElse("");
    }
}
