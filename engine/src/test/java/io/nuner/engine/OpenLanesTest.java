package io.nuner.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class OpenLanesTest {
    @Test
    void noMoreThanThereAre() throws EngineException {
        OpenLanes lanes = new OpenLanes(2);
        lanes.take();
        lanes.take();

        assertThatThrownBy(lanes::take)
                .isInstanceOf(EngineException.class)
                .hasMessage("the engine is closed or its 2 lanes are open");

        lanes.giveBack();
        assertThatCode(lanes::take).doesNotThrowAnyException();
    }

    @Test
    void noneOnceItIsClosed() {
        OpenLanes lanes = new OpenLanes(2);

        assertThat(lanes.close()).isTrue();
        assertThat(lanes.close()).isFalse();

        assertThatThrownBy(lanes::take).isInstanceOf(EngineException.class);
    }

    @Test
    void aRaceAtTheBoundLosesNoLane() throws Exception {
        int most = 2;
        OpenLanes lanes = new OpenLanes(most);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<Integer>> racers = new ArrayList<>();
            for (int racer = 0; racer < 4; racer++) {
                racers.add(() -> takeAndGiveBack(lanes, 50_000));
            }
            for (Future<Integer> racer : threads.invokeAll(racers)) {
                assertThat(racer.get()).isPositive();
            }
        } finally {
            threads.shutdownNow();
        }

        for (int lane = 0; lane < most; lane++) {
            assertThatCode(lanes::take).as("lane %s", lane).doesNotThrowAnyException();
        }
        assertThatThrownBy(lanes::take).isInstanceOf(EngineException.class);
    }

    private static int takeAndGiveBack(OpenLanes lanes, int times) {
        int taken = 0;
        for (int time = 0; time < times; time++) {
            try {
                lanes.take();
                taken++;
                lanes.giveBack();
            } catch (EngineException e) {
                // all were open at that moment
            }
        }
        return taken;
    }
}
