package io.nuner.server.costs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nuner.engine.EngineException;
import io.nuner.engine.EngineLimits;
import io.nuner.engine.testing.FakeEngine;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class LaneTrialTest {
    private static final EngineLimits LIMITS = new EngineLimits(16, 512, 4096, 100);
    private static final Duration BUDGET = Duration.ofMillis(200);

    @Test
    void moreLanesAreTakenIfTheyRunMoreTokensTogether() throws EngineException {
        LaneTrial trial = LaneTrial.of(engine(1, 4), engine(4, 4), BUDGET);

        assertThat(trial.takesMore()).as(trial.line()).isTrue();
        assertThat(trial.more().lanes()).isEqualTo(4);
        assertThat(trial.line()).startsWith("lanes tried: 1 with ").endsWith("; taken: 4");
    }

    @Test
    void fewerLanesStayIfMoreGainNothing() throws EngineException {
        LaneTrial trial = LaneTrial.of(engine(1, 4), engine(2, 40), BUDGET);

        assertThat(trial.takesMore()).as(trial.line()).isFalse();
        assertThat(trial.line()).endsWith("; taken: 1");
    }

    @Test
    void moreLanesMustGainATenth() {
        assertThat(new LaneTrial(new LaneTrial.Side(1, 1000), new LaneTrial.Side(2, 1099)).takesMore())
                .isFalse();
        assertThat(new LaneTrial(new LaneTrial.Side(1, 1000), new LaneTrial.Side(2, 1100)).takesMore())
                .isTrue();
    }

    @Test
    void lanesAreClosedAfterwardsAndEnginesAreNot() throws EngineException {
        FakeEngine fewer = engine(1, 1);
        FakeEngine more = engine(2, 1);

        LaneTrial.of(fewer, more, Duration.ZERO);

        assertThat(fewer.openLanes() + more.openLanes()).isZero();
        assertThat(fewer.isClosed() || more.isClosed()).isFalse();
    }

    @Test
    void aBatchThatFailsEndsTheTrial() {
        FakeEngine fewer = engine(1, 1);
        FakeEngine more = engine(2, 1);
        more.failWith(() -> EngineException.batchFailed("no memory"));

        assertThatThrownBy(() -> LaneTrial.of(fewer, more, BUDGET))
                .isInstanceOf(EngineException.class)
                .hasRootCauseMessage("no memory");
        assertThat(fewer.openLanes() + more.openLanes()).isZero();
    }

    @Test
    void anEngineForShortRowsIsTriedWithShortRows() throws EngineException {
        FakeEngine fewer = new FakeEngine(new EngineLimits(1, 8, 8, 1), 1);
        FakeEngine more = new FakeEngine(new EngineLimits(1, 8, 8, 1), 2);

        LaneTrial trial = LaneTrial.of(fewer, more, Duration.ZERO);

        assertThat(trial.fewer().tokensPerSecond()).isPositive();
        assertThat(fewer.batches()).allMatch(batch -> batch.rowCount() == 1 && batch.tokenCount() == 8);
    }

    /** An engine each of whose runs takes a time. */
    private static FakeEngine engine(int lanes, int millis) {
        FakeEngine engine = new FakeEngine(LIMITS, lanes);
        engine.onRun(batch -> {
            long end = System.nanoTime() + Duration.ofMillis(millis).toNanos();
            while (System.nanoTime() - end < 0) {
                LockSupport.parkNanos(end - System.nanoTime());
            }
        });
        return engine;
    }
}
