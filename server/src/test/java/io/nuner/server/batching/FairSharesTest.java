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

/** Who goes first: tenants by weight, urgencies, and age. The engine takes one text at a time. */
class FairSharesTest {
    private static final long SECOND = 1_000_000_000L;

    private final Requests requests = new Requests();
    private final FakeLane lane = new FakeLane(1);
    private final BatcherEvent.LaneFreed freed = new BatcherEvent.LaneFreed(lane);
    private final Tenant heavy = requests.tenants.named("double");
    private final Tenant light = requests.tenants.named("light");
    private long now;
    private final Batcher batcher = batcher(1);

    @Test
    void tenantsAreServedByWeightCountedInTokens() {
        for (int i = 0; i < 300; i++) {
            arrive(requests.request(10, FAR, heavy, Urgency.INTERACTIVE));
            arrive(requests.request(20, FAR, light, Urgency.INTERACTIVE));
        }

        serve(300);

        assertThat(tokensOf(heavy))
                .as("weight 2 against 1")
                .isBetween(2 * tokensOf(light) - 800, 2 * tokensOf(light) + 800);
    }

    @Test
    void aTenantWhoseTextsGoWellTogetherDoesNotGetAheadByMoreThanABatch() {
        Batcher wide = batcher(8);
        FakeLane wideLane = new FakeLane(8);
        for (int i = 0; i < 2000; i++) {
            wide.note(requests.request(20, FAR, requests.tenants.named("alike"), Urgency.INTERACTIVE).pending);
            wide.note(requests.request(i % 2 == 0 ? 90 : 50, FAR, light, Urgency.INTERACTIVE).pending);
        }

        for (int i = 0; i < 200; i++) {
            wide.note(new BatcherEvent.LaneFreed(wideLane));
            wide.decide();
        }

        long alike = tokensOf(wideLane, requests.tenants.named("alike"));
        assertThat(tokensOf(wideLane, light)).isBetween(alike - 800, alike + 800);
    }

    @Test
    void aTenantThatComesBackIsNotOwedWhatItDidNotAskFor() {
        arrive(requests.request(10, FAR, light, Urgency.INTERACTIVE));
        for (int i = 0; i < 200; i++) {
            arrive(requests.request(10, FAR));
        }
        serve(100);
        for (int i = 0; i < 100; i++) {
            arrive(requests.request(10, FAR, light, Urgency.INTERACTIVE));
        }
        int before = lane.batches.size();

        serve(20);

        assertThat(lane.batches.subList(before, before + 20).stream()
                        .filter(batch -> batch.get(0).tenant() == light)
                        .count())
                .isBetween(9L, 11L);
    }

    @Test
    void aTextOfALightTenantPassesTheQueueOfAFlood() {
        for (int i = 0; i < 200; i++) {
            arrive(requests.request(10, FAR));
        }
        serve(50);
        Asked one = requests.request(10, FAR, light, Urgency.INTERACTIVE);
        arrive(one);

        serve(2);

        assertThat(lane.batches.subList(50, 52)).contains(List.of(one.pending));
    }

    @Test
    void bulkTextsGoWhenNoInteractiveOneWaits() {
        Asked bulk = requests.request(10, FAR - 1, light, Urgency.BULK);
        Asked interactive = requests.request(10, FAR);
        arrive(bulk);
        arrive(interactive);

        serve(2);

        assertThat(lane.batches).containsExactly(List.of(interactive.pending), List.of(bulk.pending));
    }

    @Test
    void aBulkTextThatHasWaitedLongGoesBeforeYoungerInteractiveOnes() {
        Asked bulk = requests.request(10, 20 * SECOND, light, Urgency.BULK);
        arrive(bulk);
        for (int i = 0; i < 50; i++) {
            arrive(requests.request(10, 20 * SECOND));
        }
        serve(10);
        assertThat(bulk.answers).isEmpty();
        assertThat(lane.batches).doesNotContain(List.of(bulk.pending));

        now = 2 * SECOND;
        serve(1);

        assertThat(lane.batches).contains(List.of(bulk.pending));
    }

    @Test
    void aBulkTextFillsWhatInteractiveOnesLeaveOfABatch() {
        Batcher wide = batcher(4);
        FakeLane wideLane = new FakeLane(4);
        Asked interactive = requests.request(32, FAR);
        Asked longBulk = requests.request(90, FAR, light, Urgency.BULK);
        wide.note(interactive.pending);
        wide.note(longBulk.pending);
        wide.note(new BatcherEvent.LaneFreed(wideLane));

        wide.decide();

        assertThat(wideLane.batches)
                .as("a long bulk text would only hold the interactive one up")
                .containsExactly(List.of(interactive.pending));
    }

    private void arrive(Asked asked) {
        batcher.note(asked.pending);
    }

    private void serve(int batches) {
        for (int i = 0; i < batches; i++) {
            batcher.note(freed);
            batcher.decide();
        }
    }

    private long tokensOf(Tenant tenant) {
        return tokensOf(lane, tenant);
    }

    private static long tokensOf(FakeLane served, Tenant tenant) {
        return served.batches.stream()
                .flatMap(List::stream)
                .filter(request -> request.tenant() == tenant)
                .mapToLong(PendingRequest::tokens)
                .sum();
    }

    private Batcher batcher(int maxRows) {
        CostModel costs = new CostModel(new CostTerms(1000, 0, 0, 100, 0), EngineCells.ANY);
        BatchPolicy policy = BatchPolicy.of(new EngineLimits(maxRows, 100, 400, 10), costs, 1);
        return new Batcher(policy, requests.backlog, Batcher.Observer.none(), () -> now);
    }
}
