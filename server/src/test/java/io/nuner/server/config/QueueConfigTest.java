package io.nuner.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.nuner.engine.EngineCells;
import io.nuner.engine.EngineLimits;
import io.nuner.server.costs.CostModel;
import io.nuner.server.costs.CostTerms;
import io.nuner.server.rpc.KeyDigest;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class QueueConfigTest {
    private static final EngineLimits LIMITS = new EngineLimits(16, 512, 4096, 100);

    @Test
    void theAutomaticDelayIsTwiceTheDearestBatch() {
        CostModel byToken = costs(new CostTerms(0, 0, 0, 100_000, 0));
        CostModel bySquare = costs(new CostTerms(0, 0, 0, 0, 1000));

        assertThat(QueueConfig.DEFAULT.delayNanos(byToken, LIMITS)).isEqualTo(2 * 4096 * 100_000L);
        assertThat(QueueConfig.DEFAULT.delayNanos(bySquare, LIMITS)).isEqualTo(2 * 8 * 512 * 512 * 1000L);
    }

    @Test
    void theAutomaticDelayOfAFastEngineIsAQuarterOfASecond() {
        CostModel fast = costs(new CostTerms(1, 0, 0, 0, 0));

        assertThat(QueueConfig.DEFAULT.delayNanos(fast, LIMITS))
                .isEqualTo(Duration.ofMillis(250).toNanos());
    }

    @Test
    void theAutomaticDelayIsWrittenAsAuto() {
        assertThat(QueueConfig.DEFAULT).asString().contains("delay=auto");
        assertThat(new QueueConfig(Duration.ofMillis(3), Duration.ZERO, Duration.ZERO))
                .hasToString("QueueConfig[delay=PT0.003S, bulkAging=PT0S, maxLinger=PT0S]");
    }

    @Test
    void aDelayThatIsSetIsTaken() {
        QueueConfig set = new QueueConfig(Duration.ofMillis(3), Duration.ZERO, Duration.ZERO);

        assertThat(set.delayNanos(costs(new CostTerms(1e9, 0, 0, 0, 0)), LIMITS))
                .isEqualTo(3_000_000);
        assertThat(set.policy(LIMITS, costs(new CostTerms(1, 0, 0, 0, 0)), 1).maxLingerNanos())
                .isZero();
    }

    @Test
    void badValuesAreNamed() {
        Duration negative = Duration.ofMillis(-1);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new QueueConfig(negative, Duration.ZERO, Duration.ZERO))
                .withMessage("queue.queue-delay must be zero or longer, but was PT-0.001S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new QueueConfig(Duration.ZERO, Duration.ofHours(2), Duration.ZERO))
                .withMessage("queue.bulk-aging must be at most PT1H, but was PT2H");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new QueueConfig(Duration.ZERO, Duration.ZERO, negative))
                .withMessageStartingWith("queue.max-linger must");
    }

    @Test
    void badTenantsAreNamed() {
        KeyDigest key = KeyDigest.of("k");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TenancyConfig(Map.of("a", 0), Map.of(), OptionalInt.of(1)))
                .withMessage("tenancy.weights must be from 1 to 1000, but was 0 of a");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TenancyConfig(Map.of("a", 1), Map.of("b", key), OptionalInt.of(1)))
                .withMessage("tenancy.keys must be of tenants that have a weight, but was b");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new TenancyConfig(Map.of("a", 1, "b", 1), Map.of("a", key, "b", key), OptionalInt.of(1)))
                .withMessage("tenancy.keys must be different for each tenant, but was the same for two");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TenancyConfig(Map.of(), Map.of(), OptionalInt.of(-1)))
                .withMessage("tenancy.max-tenants must be from 0 to 100000, but was -1");
    }

    @Test
    void aConfigurationDoesNotPrintDigests() {
        TenancyConfig config = new TenancyConfig(Map.of("a", 1), Map.of("a", KeyDigest.of("k")), OptionalInt.of(1));

        assertThat(config).hasToString("TenancyConfig[weights={a=1}, keys={a=(key)}, maxNames=OptionalInt[1]]");
    }

    private static CostModel costs(CostTerms terms) {
        return new CostModel(terms, EngineCells.ANY);
    }
}
