package io.nuner.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.cli.common.CommandFailure;
import io.nuner.cli.engine.EngineChoice;
import io.nuner.engine.EngineException;
import io.nuner.engine.EngineLimits;
import io.nuner.engine.EngineProvider;
import io.nuner.engine.EngineSettings;
import io.nuner.engine.InferenceEngine;
import io.nuner.engine.ModelGraphs;
import io.nuner.engine.testing.FakeEngine;
import io.nuner.engine.testing.FakeGraphs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class EngineOpeningTest {
    private static final EngineLimits LIMITS = new EngineLimits(1, 8, 8, 1);
    private static final int MOST = 6;
    private static final ModelGraphs GRAPHS = FakeGraphs.named("encoder");

    private final List<FakeEngine> opened = new ArrayList<>();
    private int fastestLanes = 1;
    private int suitingLanes = 1;
    private int mostLanesThatOpen = MOST;

    @Test
    void withoutATrialTheLanesAreThoseOfTheSettings() throws CommandFailure {
        assertThat(open(false).settings().lanes()).isEqualTo(MOST);
        assertThat(opened).hasSize(1);
    }

    @Test
    void lanesAreDoubledWhileThatIsFaster() throws CommandFailure {
        fastestLanes = 2;

        EngineChoice.Opened taken = open(true);

        assertThat(taken.settings().lanes()).isEqualTo(2);
        assertThat(opened).extracting(engine -> engine.description().lanes()).containsExactly(1, 2, 4);
        assertThat(opened).filteredOn(engine -> !engine.isClosed()).containsExactly((FakeEngine) taken.engine());
    }

    @Test
    void theLastTrialIsOfTheMostLanes() throws CommandFailure {
        fastestLanes = MOST;

        EngineChoice.Opened taken = open(true);

        assertThat(taken.settings().lanes()).isEqualTo(MOST);
        assertThat(opened).extracting(engine -> engine.description().lanes()).containsExactly(1, 2, 4, MOST);
        assertThat(opened).filteredOn(engine -> !engine.isClosed()).hasSize(1);
    }

    @Test
    void aTrialThatFailsKeepsOneLane() throws CommandFailure {
        fastestLanes = -1;

        EngineChoice.Opened taken = open(true);

        assertThat(taken.settings().lanes()).isEqualTo(1);
        assertThat(opened).filteredOn(engine -> !engine.isClosed()).hasSize(1);
    }

    @Test
    void lanesThatCannotBeOpenedLeaveTheEngineThatIsOpen() throws CommandFailure {
        fastestLanes = MOST;
        mostLanesThatOpen = 1;

        EngineChoice.Opened taken = open(true);

        assertThat(taken.settings().lanes()).isEqualTo(1);
        assertThat(opened).hasSize(1).noneMatch(FakeEngine::isClosed);
    }

    @Test
    void lanesThatShareNoProcessorAreNotTried() throws CommandFailure {
        suitingLanes = 2;

        assertThat(open(true).settings().lanes()).isEqualTo(MOST);
        assertThat(opened).hasSize(1);
    }

    private EngineChoice.Opened open(boolean triesLanes) throws CommandFailure {
        EngineChoice choice = EngineChoice.of("timed", List.of(new TimedProvider()));
        return new EngineOpening(
                        choice, provider -> new EngineSettings(LIMITS, MOST, 0), triesLanes, Duration.ofMillis(100))
                .open(GRAPHS);
    }

    /**
     * Twice as many lanes run eight times as many tokens up to the fastest number, and fewer beyond: far enough apart to be told on a
     * machine that does other work.
     */
    private final class TimedProvider implements EngineProvider {
        @Override
        public String name() {
            return "timed";
        }

        @Override
        public int preference() {
            return 0;
        }

        @Override
        public Availability availability() {
            return new Availability(true, "fine");
        }

        @Override
        public Defaults defaults() {
            return new Defaults(suitingLanes, 1, 8);
        }

        @Override
        public InferenceEngine open(ModelGraphs graphs, EngineSettings settings) throws EngineException {
            if (settings.lanes() > mostLanesThatOpen) {
                throw EngineException.cannotOpen("no memory", new IllegalStateException());
            }
            FakeEngine engine = new FakeEngine(settings.limits(), settings.lanes());
            opened.add(engine);
            int lanes = settings.lanes();
            long micros = lanes <= fastestLanes ? 40_000L / lanes / lanes : 400_000;
            engine.onRun(batch -> {
                if (fastestLanes < 0) {
                    throw EngineException.batchFailed("no memory");
                }
                LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(micros));
            });
            return engine;
        }
    }
}
