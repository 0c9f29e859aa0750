package io.nuner.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nuner.load.LoadSchedule.Spacing;
import io.nuner.load.Traffic.Tenant;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class PlanLimitsTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final List<Tenant> NOBODY = List.of(Tenant.unnamed());

    @Test
    void ratesAreBounded() {
        refused(() -> Step.constant(0, SECOND), "rate must be above 0");
        refused(() -> Step.constant(-1, SECOND), "rate must be above 0");
        refused(() -> Step.constant(100_001, SECOND), "rate must be above 0 and at most 100000");
        refused(() -> Step.constant(Double.NaN, SECOND), "but was NaN");
        refused(() -> Step.ramp(1, 100_001, SECOND), "ramp must be above 0 and at most 100000");
    }

    @Test
    void stepsAndRunsAreBounded() {
        refused(() -> Step.constant(1, Duration.ZERO), "duration must be above 0 and at most 120m");
        refused(() -> Step.constant(1, Duration.ofMinutes(121)), "duration must be above 0 and at most 120m");
        List<Step> hours = List.of(Step.constant(1, Duration.ofHours(1)), Step.constant(2, Duration.ofHours(1)));
        refused(() -> plan(hours, SECOND), "duration must be at most 120m for all steps and the warm-up");
        assertThat(plan(hours, Duration.ZERO).total()).isEqualTo(Duration.ofHours(2));
    }

    @Test
    void concurrencyIsBounded() {
        refused(() -> Step.closed(0, SECOND), "concurrency must be 1 to 10000, but was 0");
        refused(() -> Step.closed(10_001, SECOND), "concurrency must be 1 to 10000, but was 10001");
    }

    @Test
    void sharesAreParts() {
        refused(() -> new Traffic(NOBODY, 1.1, 0, 0, 0, SECOND), "bulk must be in [0, 1], but was 1.1");
        refused(() -> new Traffic(NOBODY, 0, -0.1, 0, 0, SECOND), "cancels must be in [0, 1], but was -0.1");
        refused(() -> new Traffic(NOBODY, 0, 0, Double.NaN, 0, SECOND), "timeouts must be in [0, 1], but was NaN");
        refused(() -> new Traffic(NOBODY, 0, 0.5, 0.4, 0.2, SECOND), "malformed must be at most 1 together with");
        refused(() -> new Traffic(NOBODY, 0, 0, 0, 0, Duration.ZERO), "deadline must be above 0 and at most 10m");
    }

    @Test
    void tenantsHaveNamesThatFitMetadataAndOneShareEach() {
        refused(() -> new Tenant("a b", 1), "tenants must have names");
        refused(() -> new Tenant("ä", 1), "tenants must have names");
        refused(() -> new Tenant("a", 0), "tenants must have shares above 0, but one was 0.0");
        List<Tenant> twice = List.of(new Tenant("a", 1), new Tenant("a", 2));
        refused(() -> new Traffic(twice, 0, 0, 0, 0, SECOND), "tenants must have different names");
    }

    @Test
    void connectionsAreBounded() {
        refused(() -> Connections.open("localhost:1", false, 0), "connections must be 1 to 1024, but was 0");
    }

    private static LoadSchedule plan(List<Step> steps, Duration warmUp) {
        return new LoadSchedule(steps, Spacing.POISSON, warmUp, false, 1);
    }

    private static void refused(ThrowingCallable values, String message) {
        assertThatThrownBy(values).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(message);
    }
}
