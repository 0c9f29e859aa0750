package io.nuner.server.batching;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.server.batching.Admission.Permit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random sequences of what can happen at the gate. */
class AdmissionGatePropertyTest {
    private static final int STEPS = 5000;
    private static final int MAX_REQUESTS = 20;
    private static final long MAX_TOKENS = 1000;
    private static final long HOUR_NANOS = 3_600_000_000_000L;

    static LongStream seeds() {
        return LongStream.range(0, 20);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void boundsHoldAndEverythingGoesBack(long seed) {
        Random random = new Random(seed);
        Tenants tenants = new Tenants(Map.of("t0", 5, "t1", 2), 3);
        Backlog backlog = new Backlog();
        backlog.publishPace(100, 1);
        AdmissionGate gate =
                new AdmissionGate(new AdmissionGate.Limits(MAX_REQUESTS, MAX_TOKENS, 50_000), tenants, backlog);
        List<Permit> held = new ArrayList<>();
        long now = random.nextLong(); // the clock may start anywhere, and pass from the greatest to the least

        for (int step = 0; step < STEPS; step++) {
            now += random.nextInt(100_000_000);
            act(random, gate, tenants.named("t" + random.nextInt(8)), held, now);
            assertThat(gate.requestsInFlight()).isBetween(0, MAX_REQUESTS).isEqualTo(held.size());
            assertThat(gate.tokensInFlight()).isBetween(0L, MAX_TOKENS);
            assertThat(sumOfTenants(held)).isEqualTo(gate.tokensInFlight());
        }
        held.forEach(Permit::close);

        assertThat(gate.requestsInFlight()).isZero();
        assertThat(gate.tokensInFlight()).isZero();
        now += HOUR_NANOS;
        tenants.seen(tenants.unnamed(), now);
        assertThat(tenants.all().filter(tenant -> tenant.requestsInFlight() != 0 || tenant.tokensInFlight() != 0))
                .isEmpty();
        assertThat(tenants.activeWeight()).isEqualTo(1);
    }

    private static void act(Random random, AdmissionGate gate, Tenant tenant, List<Permit> held, long now) {
        if (!held.isEmpty() && random.nextInt(3) == 0) {
            Permit done = held.remove(random.nextInt(held.size()));
            done.close();
            done.close();
            return;
        }
        Urgency urgency = random.nextBoolean() ? Urgency.BULK : Urgency.INTERACTIVE;
        if (gate.enter(tenant, urgency, now, now + random.nextInt(1_000_000)) instanceof Permit permit) {
            if (permit.takeTokens(1 + random.nextInt(200))) {
                held.add(permit);
            } else {
                permit.close();
            }
        }
    }

    private static long sumOfTenants(List<Permit> held) {
        return held.stream()
                .map(Permit::tenant)
                .distinct()
                .mapToLong(Tenant::tokensInFlight)
                .sum();
    }
}
