package io.nuner.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.nuner.client.ClientConfig.Transport;
import io.nuner.v1.NerServiceGrpc;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigTest {
    @Test
    void encryptionIsChosenByName() {
        assertThat(ClientConfig.plaintext("localhost:8001").transport()).isEqualTo(Transport.PLAINTEXT);
        assertThat(ClientConfig.tls("localhost:8001").transport()).isEqualTo(Transport.TLS);
    }

    /** gRPC for Java wants numbers as doubles, and says so only when it builds a channel. */
    @Test
    void theShippedServiceConfigIsOneThatGrpcTakes() {
        Map<String, ?> config = ServiceConfig.shipped();

        assertThat(config.get("loadBalancingConfig")).isEqualTo(List.of(Map.of("round_robin", Map.of())));
        assertThat(config.get("retryThrottling")).isEqualTo(Map.of("maxTokens", 100.0, "tokenRatio", 0.1));
        assertThat(config.get("healthCheckConfig")).isEqualTo(Map.of("serviceName", NerServiceGrpc.SERVICE_NAME));
        assertThat(String.valueOf(config.get("methodConfig")))
                .contains("{service=" + NerServiceGrpc.SERVICE_NAME + "}", "retryableStatusCodes=[UNAVAILABLE]");
    }

    @Test
    void aBlankTargetIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ClientConfig.plaintext(" "))
                .withMessage("target must not be blank");
    }

    @Test
    void aTimeoutMustBePositive() {
        ClientConfig config = ClientConfig.plaintext("localhost:8001");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> config.withTimeout(Duration.ZERO))
                .withMessage("timeout must be positive, but was PT0S");
    }

    @ParameterizedTest
    @ValueSource(floats = {-0.1f, 1.1f, Float.NaN, Float.POSITIVE_INFINITY})
    void aThresholdIsAProbability(float threshold) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ExtractionOptions.builder().threshold(threshold))
                .withMessage("threshold must be in [0, 1], but was " + threshold);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LabelOption.named("person").withThreshold(threshold))
                .withMessage("threshold of a label must be in [0, 1], but was " + threshold);
    }

    @Test
    void aStreamKeepsABoundedNumberOfTexts() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StreamSettings.DEFAULTS.withMaxUnderWay(0))
                .withMessage("maxUnderWay must be 1 to 65536, but was 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StreamSettings.DEFAULTS.withPatience(Duration.ofMillis(-1)))
                .withMessage("patience must be 0 to PT168H, but was PT-0.001S");
    }

    @ParameterizedTest
    @ValueSource(strings = {"two words", "ünï", "a/b"})
    void aTenantHasAPlainName(String name) {
        ClientConfig config = ClientConfig.plaintext("localhost:8001");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> config.withTenant(name))
                .withMessage("tenant must be at most 64 characters of A-Z, a-z, 0-9, . _ -, but was " + name);
    }

    @Test
    void aKeyIsNeverPrinted() {
        ClientConfig config =
                ClientConfig.tls("localhost:8001").withTenant("search").withKey("sesame");

        assertThat(config.toString()).contains("search").doesNotContain("sesame");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> config.withKey("open sesame"))
                .withMessage("key must be of printable ASCII characters without blanks");
    }
}
