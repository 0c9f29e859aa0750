package io.nuner.server.batching;

import static io.nuner.server.batching.Requests.FAR;
import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.engine.EngineCells;
import io.nuner.engine.EngineLimits;
import io.nuner.server.batching.Requests.Asked;
import io.nuner.server.costs.CostModel;
import io.nuner.server.costs.CostTerms;
import java.util.List;
import org.junit.jupiter.api.Test;

class LingerTest {
    private static final long MICRO = 1_000;
    private static final long MILLI = 1_000_000;
    /** A graphics card: 2 ms whatever the batch, and little for each token. */
    private static final CostTerms FLAT = new CostTerms(2 * MILLI, 0, 0, 100, 0);
    /** A processor: each token costs as much as the one before. */
    private static final CostTerms LINEAR = new CostTerms(100 * MICRO, 0, 0, 100 * MICRO, 0);

    private final Requests requests = new Requests();
    private final FakeLane lane = new FakeLane(16);
    private long now;

    @Test
    void aFreeLaneWaitsForOneMoreTextWhereTheBatchCostsLittleMoreForIt() {
        Batcher batcher = busy(FLAT, 200 * MICRO);
        int before = lane.batches.size();

        arrive(batcher, FAR);

        assertThat(lane.batches).hasSize(before);
        assertThat(batcher.alarmNanos()).isBetween(now + 100 * MICRO, now + 400 * MICRO);
    }

    @Test
    void itGoesWhenTheExpectedTextDoesNotCome() {
        Batcher batcher = busy(FLAT, 200 * MICRO);
        int before = lane.batches.size();
        Asked alone = arrive(batcher, FAR);
        long end = now + 2 * MILLI;

        while (lane.batches.size() == before && now < end) {
            now = batcher.alarmNanos();
            batcher.decide();
        }

        assertThat(lane.batches.get(before)).isEqualTo(List.of(alone.pending));
        assertThat(now).as("the cap, counted from the oldest text").isLessThanOrEqualTo(end);
    }

    @Test
    void itDoesNotWaitWhereEachTokenCostsAsMuchAsTheFirst() {
        Batcher batcher = busy(LINEAR, 200 * MICRO);
        int before = lane.batches.size();

        arrive(batcher, FAR);

        assertThat(lane.batches).hasSize(before + 1);
    }

    @Test
    void itDoesNotWaitWhenTheServerIsIdle() {
        Batcher batcher = busy(FLAT, 200 * MICRO);
        now += 1_000 * MILLI;
        int before = lane.batches.size();

        arrive(batcher, FAR);
        now += 500 * MILLI;
        batcher.note(new BatcherEvent.LaneFreed(lane));
        arrive(batcher, FAR);

        assertThat(lane.batches).hasSize(before + 2);
    }

    @Test
    void itDoesNotWaitWithADeadlineNear() {
        Batcher batcher = busy(FLAT, 200 * MICRO);
        int before = lane.batches.size();

        arrive(batcher, now + 4 * MILLI);

        assertThat(lane.batches).hasSize(before + 1);
    }

    /** A batcher with a free lane that has seen texts arrive at equal distances. */
    private Batcher busy(CostTerms terms, long gapNanos) {
        EngineLimits limits = new EngineLimits(16, 512, 4096, 10);
        BatchPolicy policy = BatchPolicy.of(limits, new CostModel(terms, EngineCells.ANY), 1);
        Batcher batcher = new Batcher(policy, requests.backlog, Batcher.Observer.none(), () -> now);
        for (int i = 0; i < 200; i++) {
            now += gapNanos;
            batcher.note(requests.request(20, FAR).pending);
            if (i % 16 == 15) {
                batcher.note(new BatcherEvent.LaneFreed(lane));
            }
            batcher.decide();
        }
        drain(batcher);
        now += gapNanos;
        return batcher;
    }

    private void drain(Batcher batcher) {
        int before;
        do {
            before = lane.batches.size();
            batcher.note(new BatcherEvent.LaneFreed(lane));
            batcher.decide();
        } while (lane.batches.size() > before);
    }

    private Asked arrive(Batcher batcher, long deadlineNanos) {
        requests.readyAt(now);
        Asked asked = requests.request(20, deadlineNanos);
        batcher.note(asked.pending);
        batcher.decide();
        return asked;
    }
}
