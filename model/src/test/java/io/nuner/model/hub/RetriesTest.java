package io.nuner.model.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RetriesTest {
    private final List<Duration> pauses = new ArrayList<>();
    private final RecordedProgress progress = new RecordedProgress();

    @Test
    void pausesDoubleAndAreShortenedByAHalfAtMost() {
        for (long seed = 0; seed < 50; seed++) {
            pauses.clear();
            giveUp(seed);

            assertThat(pauses).as("seed %d", seed).hasSize(4);
            for (int i = 0; i < pauses.size(); i++) {
                Duration full = Duration.ofMillis(500L << i);
                assertThat(pauses.get(i)).as("seed %d", seed).isBetween(full.dividedBy(2), full);
            }
        }
    }

    @Test
    void clientsDoNotComeBackTogether() {
        giveUp(1);
        List<Duration> one = List.copyOf(pauses);
        pauses.clear();
        giveUp(2);

        assertThat(pauses).isNotEqualTo(one);
    }

    @Test
    void whatWorksIsNotRepeated() throws Exception {
        assertThat(retries(1).<String>call(() -> "done")).isEqualTo("done");
        assertThat(pauses).isEmpty();
    }

    @Test
    void aFinalRefusalIsNotRepeated() {
        assertThatExceptionOfType(HubException.class)
                .isThrownBy(() -> retries(1).call(() -> {
                    throw new HubException("no such model");
                }))
                .withMessage("no such model");
        assertThat(pauses).isEmpty();
    }

    private void giveUp(long seed) {
        assertThatExceptionOfType(HubException.class)
                .isThrownBy(() -> retries(seed).call(() -> {
                    throw new HubException.Passing("hub is in trouble", Duration.ZERO);
                }))
                .withMessage("hub is in trouble (tried 5 times)");
    }

    private Retries retries(long seed) {
        return new Retries(pauses::add, new Random(seed), progress);
    }
}
