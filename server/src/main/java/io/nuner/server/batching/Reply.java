package io.nuner.server.batching;

import io.nuner.engine.RowLogits;
import io.nuner.server.batching.Admission.Document;
import io.nuner.server.batching.Admission.Permit;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where the answer to one text goes; answers exactly once. Any thread.
 *
 * <p>Whoever sets {@code answered} first is the only one to go on: it, or its desk, returns the permit and then tells the receiver.
 * All others return false and touch nothing. So a caller that sees its answer has had its permit returned.
 */
public final class Reply {
    private final Permit permit;
    private final Receiver receiver;
    private final @Nullable Desk desk;
    private final AtomicBoolean answered = new AtomicBoolean();

    // of a refusal on its way to the desk; whoever set answered writes them
    private Rejection reason = Rejection.DEFECT;
    private long hintNanos;
    private @Nullable Reply next;

    /** An open reply that owns the permit, and refuses on the thread of whoever refuses. */
    public Reply(Permit permit, Receiver receiver) {
        this(permit, receiver, null);
    }

    /** An open reply that owns the permit, and has the desk tell its receiver of refusals. */
    public Reply(Permit permit, Receiver receiver, @Nullable Desk desk) {
        this.permit = permit;
        this.receiver = receiver;
        this.desk = desk;
    }

    /** Whose request it is. */
    public Tenant tenant() {
        return permit.tenant();
    }

    /** How urgent it is. */
    public Urgency urgency() {
        return permit.urgency();
    }

    /** The document whose row it answers; null for a text that runs in one row. */
    @Nullable
    Document document() {
        return permit.document();
    }

    /** True for a text that lets calls of its tenant go first. */
    boolean yields() {
        return permit.yields();
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
        permit.close();
        receiver.onScored(logits, run);
        return true;
    }

    /** Answers with a refusal; false if it is answered already. */
    public boolean reject(Rejection why) {
        return reject(why, 0);
    }

    /**
     * Answers with a refusal that says something about time; false if it is answered already.
     *
     * @param nanos what {@link Refusal#hintNanos} says
     */
    public boolean reject(Rejection why, long nanos) {
        if (!claim()) {
            return false;
        }
        reason = why;
        hintNanos = nanos;
        if (desk == null) {
            refuse();
        } else {
            desk.take(this);
        }
        return true;
    }

    private boolean claim() {
        return !answered.get() && answered.compareAndSet(false, true);
    }

    private void refuse() {
        permit.close();
        receiver.onRefused(Refusal.of(reason, hintNanos));
    }

    /** Takes the one answer: exactly one of the two methods is called, once, and must not throw. */
    public interface Receiver {
        /** The model's scores for the text. */
        void onScored(RowLogits logits, BatchRun run);

        /** There is no answer. */
        void onRefused(Refusal refusal);
    }

    /**
     * A thread that tells receivers of refusals, so that the batcher and the lanes neither build nor write them. Any thread may
     * hand it a reply, which neither blocks nor allocates: refused replies are linked to one another.
     *
     * <p>It needs no bound of its own: a reply keeps its permit until its receiver is told.
     */
    public static final class Desk implements AutoCloseable {
        private final AtomicReference<@Nullable Reply> last = new AtomicReference<>();
        private final Consumer<? super Throwable> onDefect;
        private final Thread thread;
        private volatile boolean closed;

        /**
         * Starts the thread.
         *
         * @param onDefect told of every exception that escapes a receiver
         */
        public Desk(ThreadFactory threads, Consumer<? super Throwable> onDefect) {
            this.onDefect = onDefect;
            thread = threads.newThread(this::work);
            thread.start();
        }

        private void take(Reply refused) {
            Reply before;
            do {
                before = last.get();
                refused.next = before;
            } while (!last.compareAndSet(before, refused));
            if (before == null) {
                LockSupport.unpark(thread);
            }
            if (closed) {
                refuseAll(); // the thread may have gone
            }
        }

        private void work() {
            while (!closed) {
                refuseAll();
                if (last.get() == null && !closed) {
                    LockSupport.park(this);
                }
            }
            refuseAll();
        }

        private void refuseAll() {
            Reply refused = inOrder(last.getAndSet(null));
            while (refused != null) {
                Reply after = refused.next; // the receiver may hold on to it
                refused.next = null;
                refuse(refused);
                refused = after;
            }
        }

        /** Turns the links round: the first to come is the first to be told. */
        private static @Nullable Reply inOrder(@Nullable Reply newest) {
            Reply first = null;
            Reply at = newest;
            while (at != null) {
                Reply before = at.next;
                at.next = first;
                first = at;
                at = before;
            }
            return first;
        }

        private void refuse(Reply refused) {
            try {
                refused.refuse();
            } catch (RuntimeException | Error e) {
                onDefect.accept(e);
            }
        }

        /** Ends the thread once what it has is done; what comes later is told by whoever brings it. Idempotent. */
        @Override
        public void close() {
            closed = true;
            LockSupport.unpark(thread);
        }
    }
}
