package io.nuner.server.batching;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StandingQueueTest {
    private static final long MILLI = 1_000_000L;
    private static final long LIMIT = 50 * MILLI;

    private final StandingQueue queue = new StandingQueue();

    @Test
    void aBurstIsWelcome() {
        assertThat(queue.admit(LIMIT + 1, LIMIT, 0)).isTrue();
        assertThat(queue.admit(4 * LIMIT, LIMIT, 99 * MILLI)).isTrue();
    }

    @Test
    void aQueueThatStaysAboveTheLimitStands() {
        assertThat(queue.admit(2 * LIMIT, LIMIT, 0)).isTrue();

        assertThat(queue.admit(2 * LIMIT, LIMIT, 100 * MILLI)).isFalse();
    }

    @Test
    void aQueueManyTimesTooLongStandsAtOnce() {
        assertThat(queue.admit(5 * LIMIT, LIMIT, 0)).isFalse();
    }

    @Test
    void aDipBelowTheLimitDoesNotLetTheNextBurstIn() {
        queue.admit(5 * LIMIT, LIMIT, 0);

        assertThat(queue.admit(LIMIT, LIMIT, MILLI)).isTrue();
        assertThat(queue.admit(LIMIT + 1, LIMIT, 2 * MILLI)).isFalse();
    }

    @Test
    void calmEndsIt() {
        queue.admit(5 * LIMIT, LIMIT, 0);
        assertThat(queue.admit(LIMIT / 2, LIMIT, 999 * MILLI)).isTrue();
        assertThat(queue.admit(LIMIT + 1, LIMIT, 999 * MILLI)).isFalse();

        assertThat(queue.admit(LIMIT / 2, LIMIT, 1999 * MILLI)).isTrue();
        assertThat(queue.admit(2 * LIMIT, LIMIT, 2000 * MILLI)).isTrue();
    }

    /** A server of 1 text a millisecond is offered 10: the queue is to stay near its limit, neither empty nor long. */
    @Test
    void underTenTimesTheLoadTheQueueNeitherRunsEmptyNorSwings() {
        List<Long> delays = delaysUnder(10, 10_000);

        List<Long> settled = delays.subList(1000, delays.size());
        assertThat(settled).allSatisfy(delay -> assertThat(delay).isBetween(LIMIT - 2 * MILLI, LIMIT + 2 * MILLI));
    }

    @Test
    void justBelowCapacityNobodyIsRefused() {
        List<Long> delays = delaysUnder(1, 10_000);

        assertThat(delays).allSatisfy(delay -> assertThat(delay).isLessThan(LIMIT));
    }

    /** Delays seen at the end of each millisecond; one text takes one millisecond. */
    private List<Long> delaysUnder(int arrivalsPerMilli, int millis) {
        List<Long> delays = new ArrayList<>();
        long backlog = 0;
        for (int milli = 0; milli < millis; milli++) {
            long now = milli * MILLI;
            for (int arrival : IntStream.range(0, arrivalsPerMilli).toArray()) {
                backlog += queue.admit(backlog, LIMIT, now + arrival) ? MILLI : 0;
            }
            backlog = Math.max(0, backlog - MILLI);
            delays.add(backlog);
        }
        return delays;
    }
}
