package io.nuner.capacity.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.engine.EngineCells;
import io.nuner.engine.EngineLimits;
import io.nuner.server.batching.AdmissionGate;
import io.nuner.server.batching.BatchPolicy;
import io.nuner.server.costs.CostModel;
import io.nuner.server.costs.CostTerms;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Half of the texts have a deadline shorter than the queue delay, so that many cannot be met: hardly a row runs for nothing, and
 * hardly a text is refused that could have been met. Prints the figures.
 */
class WastedRowsTest {
    private static final int TEXTS = 40_000;
    private static final long DELAY_NANOS = 250_000_000L;
    private static final long PATIENT_NANOS = 10_000_000_000L;
    private static final EngineLimits LIMITS = new EngineLimits(16, 512, 4096, 10);
    /** A text of 64 tokens takes 9 ms alone; a full batch of them 91 ms. */
    private static final CostModel COSTS = new CostModel(new CostTerms(3e6, 0.1e6, 0, 80e3, 5), EngineCells.ANY);

    @ParameterizedTest
    @CsvSource({"0.1, 0.05", "0.5, 0.05", "0.9, 0.05", "1.5, 0.05", "5, 0.05", "0.5, 0.15", "1.5, 0.15"})
    void hardlyARowRunsForNothing(double load, double jitter) {
        Random random = new Random(8);

        SimulationResult result = Simulation.run(
                arrivals(load, random),
                lanes -> new ServerRule(
                        lanes,
                        BatchPolicy.of(LIMITS, COSTS, 1),
                        new AdmissionGate.Limits(512, 262_144, DELAY_NANOS),
                        Map.of()),
                COSTS,
                1,
                () -> Math.exp(jitter * random.nextGaussian()));

        double rows = result.batches().stream().mapToInt(Simulation.Ran::rows).sum();
        double wasted = result.count(Job.State.LATE) / rows;
        long hasty =
                result.jobs().stream().filter(WastedRowsTest::isRefusedHastily).count();
        System.out.printf(
                "load %.1f, jitter %.0f %%: %d answered, %d refused (%d with 1.5 times their own run left), wasted rows %.2f %%%n",
                load,
                100 * jitter,
                result.count(Job.State.ANSWERED),
                result.count(Job.State.REFUSED),
                hasty,
                100 * wasted);
        assertThat(wasted).as("wasted rows over all rows").isLessThanOrEqualTo(jitter > 0.1 ? 0.015 : 0.01);
        assertThat(load > 0.1 ? 0 : hasty)
                .as("refused although the engine is mostly idle")
                .isLessThan(TEXTS / 1000);
    }

    private static boolean isRefusedHastily(Job job) {
        long alone = COSTS.nanos(1, job.tokens(), job.tokens());
        return job.state() == Job.State.REFUSED && job.arrival().timeoutNanos() > 1.5 * alone;
    }

    private static List<Arrival> arrivals(double load, Random random) {
        double perNano = load * 16 / COSTS.nanos(16, 64, 16 * 64);
        List<Arrival> arrivals = new ArrayList<>();
        double at = 0;
        for (int text = 0; text < TEXTS; text++) {
            at += -Math.log(1 - random.nextDouble()) / perNano;
            long timeout = random.nextBoolean() ? PATIENT_NANOS : 1 + (long) (random.nextDouble() * DELAY_NANOS);
            arrivals.add(new Arrival((long) at, 32 + random.nextInt(65), "default", false, timeout));
        }
        return arrivals;
    }
}
