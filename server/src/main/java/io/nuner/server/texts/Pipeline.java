package io.nuner.server.texts;

import io.nuner.server.answers.AnswerLimits;
import io.nuner.server.answers.UnsentAnswers;
import io.nuner.server.batching.AdmissionGate;
import io.nuner.server.batching.BatcherRing;
import io.nuner.server.batching.Reply;
import io.nuner.server.observe.FaultLog;
import java.util.function.LongSupplier;

/**
 * What all texts share on their way to the batcher and back. Made once. Any thread.
 *
 * @param gate the bound on work in flight
 * @param ring the way to the batcher
 * @param desk answers what the batcher refuses
 * @param unsent the bounds on answers and on those that have not left yet
 * @param faults the log of defects
 * @param observer told what becomes of each text
 * @param nanoClock the server's clock
 * @param deadline how long a call may take
 */
public record Pipeline(
        AdmissionGate gate,
        BatcherRing ring,
        Reply.Desk desk,
        UnsentAnswers unsent,
        FaultLog faults,
        TextObserver observer,
        LongSupplier nanoClock,
        CallDeadline deadline) {
    /** What an answer may hold. */
    public AnswerLimits limits() {
        return unsent.limits();
    }

    /** The time on the server's clock. */
    public long nanoTime() {
        return nanoClock.getAsLong();
    }
}
