package io.nuner.engine.trt.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.engine.EncoderSize;
import io.nuner.engine.trt.execution.CaptureLedger.Decision;
import io.nuner.engine.trt.execution.CaptureLedger.Step;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CaptureLedgerTest {
    private final CaptureLedger ledger = new CaptureLedger(2);

    @Test
    void aSizeIsPreparedTheSecondTimeAndReplayedFromTheThirdOn() {
        assertThat(ledger.decide(size(1))).isEqualTo(Decision.EAGER);
        Decision second = ledger.decide(size(1));
        assertThat(second.step()).isEqualTo(Step.PREPARE);
        ledger.captured(size(1), second.place());

        assertThat(ledger.decide(size(1))).isEqualTo(new Decision(Step.REPLAY, second.place()));
        assertThat(ledger.decide(size(1))).isEqualTo(new Decision(Step.REPLAY, second.place()));
    }

    @Test
    void aSizeThatWasPreparedButNotCapturedIsPreparedAgain() {
        ledger.decide(size(1));
        ledger.decide(size(1));

        assertThat(ledger.decide(size(1)).step()).isEqualTo(Step.PREPARE);
    }

    @Test
    void aSizeThatFailedRunsEagerlyForEver() {
        ledger.decide(size(1));
        ledger.decide(size(1));
        ledger.failed(size(1));

        assertThat(ledger.decide(size(1))).isEqualTo(Decision.EAGER);
        assertThat(ledger.decide(size(1))).isEqualTo(Decision.EAGER);
    }

    @Test
    void theSizeThatDidNotComeForTheLongestTimeGivesUpItsPlace() {
        int first = capture(size(1));
        int second = capture(size(2));
        ledger.decide(size(1)); // so size 2 is the older one
        int third = capture(size(3));

        assertThat(first).isNotEqualTo(second);
        assertThat(third).isEqualTo(second);
        assertThat(ledger.decide(size(1)).step()).isEqualTo(Step.REPLAY);
        assertThat(ledger.decide(size(2)).step()).isEqualTo(Step.PREPARE);
    }

    @Test
    void withoutPlacesEverythingIsEager() {
        CaptureLedger none = new CaptureLedger(0);

        assertThat(none.decide(size(1))).isEqualTo(Decision.EAGER);
        assertThat(none.decide(size(1))).isEqualTo(Decision.EAGER);
    }

    @Test
    void aReplayedPlaceAlwaysHoldsTheSizeThatWasCapturedThereLast() {
        long seed = 3;
        SplittableRandom random = new SplittableRandom(seed);
        CaptureLedger four = new CaptureLedger(4);
        Map<Integer, EncoderSize> places = new HashMap<>();
        int replays = 0;
        for (int i = 0; i < 50_000; i++) {
            EncoderSize size = size(1 + random.nextInt(random.nextInt(20) == 0 ? 400 : 6));
            Decision decision = four.decide(size);
            if (decision.step() == Step.REPLAY) {
                replays++;
                assertThat(places.get(decision.place()))
                        .as("seed %d, step %d", seed, i)
                        .isEqualTo(size);
            } else if (decision.step() == Step.PREPARE) {
                places.remove(decision.place()); // its context has new shapes now
                if (random.nextInt(50) == 0) {
                    four.failed(size);
                } else if (random.nextInt(10) != 0) {
                    four.captured(size, decision.place());
                    places.put(decision.place(), size);
                }
            }
        }
        assertThat(replays).isGreaterThan(1000);
    }

    private int capture(EncoderSize size) {
        ledger.decide(size);
        int place = ledger.decide(size).place();
        ledger.captured(size, place);
        return place;
    }

    private static EncoderSize size(int tokens) {
        return new EncoderSize(1, 512, tokens, 1);
    }
}
