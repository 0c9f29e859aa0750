package io.nuner.server.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nuner.server.execution.LaneWatchdog.WatchedLane;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LaneWatchdogTest {
    private static final long SOFT = 1000;
    private static final long HARD = 4000;

    private long now = 5_000_000;
    private final RecordedAlarms alarms = new RecordedAlarms();
    private final LaneWatchdog watchdog = new LaneWatchdog(new RunLimits(SOFT, HARD), alarms, () -> now);
    private final FakeWatchedLane lane = new FakeWatchedLane("a");
    private final FakeWatchedLane other = new FakeWatchedLane("b");

    @Test
    void nothingIsDueWhileNoLaneRuns() {
        watchdog.add(lane);

        assertThat(watchdog.hasWork()).isFalse();
        assertThat(watchdog.look()).isEqualTo(LaneWatchdog.NOTHING_TO_SEE);
        assertThat(alarms.heard).isEmpty();
    }

    @Test
    void aRunThatComesBackInTimeRaisesNoAlarm() {
        watchdog.add(lane);
        lane.runs(now, 0);
        look();
        now += SOFT - 1;
        look();
        lane.comesBack();

        look();

        assertThat(alarms.heard).isEmpty();
    }

    @Test
    void anyRunIsNoticedWithinTwiceTheSoftLimit() {
        watchdog.add(lane);
        watchdog.add(other);
        for (long start = 0; start < 2 * SOFT; start += 7) {
            lane.runs(now, 0);
            long next = watchdog.look();
            now += start % next; // another lane starts at any time between two looks
            other.runs(now, 0);
            long began = now;
            now += next - start % next;
            alarms.heard.clear();
            while (!alarms.heard.contains("slow b")) {
                now += watchdog.look();
                lane.comesBack();
            }

            assertThat(now - began).isLessThanOrEqualTo(2 * SOFT);
            other.comesBack();
            watchdog.look();
        }
    }

    @Test
    void aSlowRunIsReportedOnceAndMakesTheEngineUnwellUntilItComesBack() {
        watchdog.add(lane);
        watchdog.add(other);
        lane.runs(now, 0);
        now += SOFT;
        look();
        now += SOFT;
        look();
        lane.comesBack();

        look();

        assertThat(alarms.heard).containsExactly("slow a", "unwell", "well");
        assertThat(lane.isGivenUp()).isFalse();
    }

    @Test
    void aRunThatComesBackIsNoticedSoon() {
        watchdog.add(lane);
        lane.runs(now, 0);
        now += SOFT;

        assertThat(watchdog.look()).isLessThanOrEqualTo(SOFT / 8);
    }

    @Test
    void waitingIsInVainOnceEveryLaneIsSlow() {
        watchdog.add(lane);
        watchdog.add(other);
        lane.runs(now, 0);
        now += SOFT;
        other.runs(now, 0);
        look();
        assertThat(alarms.heard).containsExactly("slow a", "unwell");
        now += SOFT;

        look();
        look();

        assertThat(alarms.heard).containsExactly("slow a", "unwell", "slow b", "stuck");
    }

    @Test
    void aHungLaneIsGivenUpOnceAndWatchedNoLonger() {
        watchdog.add(lane);
        watchdog.add(other);
        lane.runs(now, 0);
        now += SOFT;
        look();
        now += HARD - SOFT;
        look();
        now += HARD;

        look();

        assertThat(lane.isGivenUp()).isTrue();
        assertThat(alarms.heard).containsExactly("slow a", "unwell", "unwell", "lost a", "well");
    }

    @Test
    void aReplacementKeepsTheEngineUnwellUntilItHasProvedItself() {
        watchdog.add(lane);
        alarms.onLost = () -> {
            other.tries(now);
            watchdog.add(other);
        };
        lane.runs(now, 0);
        now += HARD;
        look();
        look();
        assertThat(alarms.heard).containsExactly("unwell", "lost a");

        other.comesBack();
        look();

        assertThat(alarms.heard).containsExactly("unwell", "lost a", "well");
    }

    @Test
    void aReplacementThatHangsIsGivenUpToo() {
        watchdog.add(lane);
        other.tries(now);
        watchdog.add(other);
        now += HARD;

        look();

        assertThat(alarms.heard).contains("lost b, a trial");
    }

    @Test
    void aRunThatComesBackJustBeforeItIsGivenUpIsNotGivenUp() {
        watchdog.add(lane);
        lane.runs(now, 0);
        now += HARD;
        lane.comesBackBeforeItIsGivenUp();

        look();

        assertThat(lane.isGivenUp()).isFalse();
        assertThat(alarms.heard).doesNotContain("lost a");
    }

    @Test
    void theNextRunHasItsOwnTime() {
        watchdog.add(lane);
        lane.runs(now, 0);
        now += SOFT - 1;
        look();
        lane.comesBack();
        lane.runs(now, 0);
        now += SOFT - 1;

        look();

        assertThat(alarms.heard).isEmpty();
    }

    @Test
    void aLaneWhoseThreadEndedIsGivenUpAtOnce() {
        watchdog.add(lane);
        lane.runs(now, 0);
        lane.dies();

        assertThat(watchdog.hasWork()).isTrue();
        look();

        assertThat(alarms.heard).containsExactly("unwell", "lost a");
    }

    @Test
    void aBatchThatWasExpectedToTakeLongMayTakeLong() {
        watchdog.add(lane);
        lane.runs(now, SOFT);
        now += 5 * SOFT - 1;
        look();
        assertThat(alarms.heard).isEmpty();
        now++;
        look();
        assertThat(alarms.heard).contains("slow a").doesNotContain("lost a");
        now += 15 * SOFT - 1;
        look();
        assertThat(alarms.heard).doesNotContain("lost a");
        now++;

        look();

        assertThat(alarms.heard).contains("lost a");
    }

    @Test
    void limitsThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> new RunLimits(10, 10)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RunLimits(0, 10)).isInstanceOf(IllegalArgumentException.class);
    }

    private void look() {
        watchdog.look();
    }

    /** One thread at a time. */
    private static final class RecordedAlarms implements LaneWatchdog.Alarms {
        private final List<String> heard = new ArrayList<>();
        private Runnable onLost = () -> {};

        @Override
        public void slow(WatchedLane slow) {
            heard.add("slow " + slow);
        }

        @Override
        public void stuck() {
            heard.add("stuck");
        }

        @Override
        public void unwell() {
            heard.add("unwell");
        }

        @Override
        public void wellAgain() {
            heard.add("well");
        }

        @Override
        public void lost(WatchedLane lost, LaneRun run) {
            heard.add("lost " + lost + (run.isTrial() ? ", a trial" : ""));
            onLost.run();
        }
    }
}
