package io.nuner.server;

import io.nuner.engine.EngineCells;
import io.nuner.engine.EngineLimits;
import io.nuner.engine.RowLogits;
import io.nuner.engine.TokenRow;
import io.nuner.server.batching.Admission.Permit;
import io.nuner.server.batching.AdmissionGate;
import io.nuner.server.batching.Backlog;
import io.nuner.server.batching.Batch;
import io.nuner.server.batching.BatchPolicy;
import io.nuner.server.batching.BatchRun;
import io.nuner.server.batching.Batcher;
import io.nuner.server.batching.BatcherEvent;
import io.nuner.server.batching.Lane;
import io.nuner.server.batching.PendingRequest;
import io.nuner.server.batching.Refusal;
import io.nuner.server.batching.Reply;
import io.nuner.server.batching.Tenants;
import io.nuner.server.batching.Urgency;
import io.nuner.server.costs.CostModel;
import io.nuner.server.costs.CostTerms;

/**
 * A lane that was given one batch of rows of the given lengths and runs nothing. One thread at a time.
 *
 * @param batch what it was given
 */
record OneBatch(Batch batch) implements Lane {
    private static final long SECOND_NANOS = 1_000_000_000L;

    /** All rows go together, because a batch costs the same whatever it holds. */
    static OneBatch of(Tenants tenants, EngineLimits limits, int... lengths) {
        Backlog backlog = new Backlog();
        CostModel costs = new CostModel(new CostTerms(1e6, 0, 0, 0, 0), EngineCells.ANY);
        BatchPolicy policy = BatchPolicy.of(limits, costs, 1);
        Batcher batcher = new Batcher(policy, backlog, Batcher.Observer.none(), () -> 0);
        AdmissionGate gate =
                new AdmissionGate(new AdmissionGate.Limits(1000, 1_000_000, SECOND_NANOS), tenants, backlog);
        for (int length : lengths) {
            Permit permit = (Permit) gate.enter(tenants.unnamed(), Urgency.INTERACTIVE, 0, SECOND_NANOS);
            TokenRow row = TokenRow.copyOf(new int[length], new int[] {0}, new int[] {0});
            batcher.note(new PendingRequest(row, 0, SECOND_NANOS, new Reply(permit, new Unheard())));
        }
        OneBatch lane = new OneBatch(new Batch(limits.maxRows()));
        batcher.note(new BatcherEvent.LaneFreed(lane));
        batcher.decide();
        if (lane.batch.size() != lengths.length) {
            throw new AssertionError(lane.batch.size() + " rows left of " + lengths.length);
        }
        return lane;
    }

    @Override
    public void start() {
        // The test looks at the batch.
    }

    /** Nobody waits for the answer. */
    private record Unheard() implements Reply.Receiver {
        @Override
        public void onScored(RowLogits logits, BatchRun run) {
            // nothing to do
        }

        @Override
        public void onRefused(Refusal refusal) {
            // nothing to do
        }
    }
}
