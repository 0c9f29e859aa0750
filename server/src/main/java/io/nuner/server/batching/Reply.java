package io.nuner.server.batching;

import io.nuner.engine.RowLogits;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Where the answer to one text goes; answers exactly once. Any thread.
 *
 * <p>Whoever sets {@code answered} first is the only one to go on: it returns the permit and then tells the receiver.
 * All others return false and touch nothing. So a caller that sees its answer has had its permit returned.
 */
public final class Reply {
    private final Permit permit;
    private final Receiver receiver;
    private final AtomicBoolean answered = new AtomicBoolean();

    /** An open reply that owns the permit. */
    public Reply(Permit permit, Receiver receiver) {
        this.permit = permit;
        this.receiver = receiver;
    }

    /** Whose request it is. */
    public Tenant tenant() {
        return permit.tenant();
    }

    /** How urgent it is. */
    public Urgency urgency() {
        return permit.urgency();
    }

    /** True until someone answered. */
    public boolean isOpen() {
        return !answered.get();
    }

    /** Answers with scores; false if it is answered already. The receiver's work is done on the calling thread. */
    public boolean score(RowLogits logits, BatchRun run) {
        if (!claim()) {
            return false;
        }
        receiver.onScored(logits, run);
        return true;
    }

    /** Answers with a refusal; false if it is answered already. */
    public boolean reject(Rejection reason) {
        return deny(Denial.of(reason));
    }

    /** Answers with a refusal that says something about time; false if it is answered already. */
    public boolean deny(Denial denial) {
        if (!claim()) {
            return false;
        }
        receiver.onDenied(denial);
        return true;
    }

    private boolean claim() {
        if (answered.get() || !answered.compareAndSet(false, true)) {
            return false;
        }
        permit.close();
        return true;
    }

    /** Takes the one answer: exactly one of the two methods is called, once, and must not throw. */
    public interface Receiver {
        /** The model's scores for the text. */
        void onScored(RowLogits logits, BatchRun run);

        /** There is no answer. */
        void onDenied(Denial denial);
    }
}
