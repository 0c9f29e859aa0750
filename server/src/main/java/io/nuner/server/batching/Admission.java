package io.nuner.server.batching;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What the {@link AdmissionGate} says: a {@link Permit}, or a {@link Refusal}. Immutable but for a permit's share. */
public sealed interface Admission permits Admission.Permit, Refusal {
    /**
     * One admitted request's share of the {@link AdmissionGate}. Any thread.
     *
     * <p>The state is the share itself: tokens held plus one, or {@link #RETURNED}. Taking tokens and returning the share are
     * both a compare-and-set of that one word, so whichever comes second sees the other: tokens are never added to a share
     * that went back, and a share goes back once.
     */
    final class Permit implements Admission {
        private static final long RETURNED = 0;

        private final AdmissionGate gate;
        private final Tenant tenant;
        private final Urgency urgency;
        private final boolean yields;
        private final AtomicLong share = new AtomicLong(1);
        /** Written before tokens are taken, if at all; whoever returns the tokens sees it by the share. */
        private @Nullable Document document;

        Permit(AdmissionGate gate, Tenant tenant, Urgency urgency, boolean yields) {
            this.gate = gate;
            this.tenant = tenant;
            this.urgency = urgency;
            this.yields = yields;
        }

        /** Whose request it is. */
        public Tenant tenant() {
            return tenant;
        }

        /** How urgent it is. */
        public Urgency urgency() {
            return urgency;
        }

        /** Makes this the permit of the first row of a document. Call before tokens are taken, by the permit's only owner. */
        public Document openDocument() {
            Document opened = new Document(gate, tenant, urgency);
            document = opened;
            return opened;
        }

        @Nullable
        Document document() {
            return document;
        }

        /** True for a text in one row that lets calls go first; rows of documents do so anyway. */
        boolean yields() {
            return yields && document == null;
        }

        /** Adds the request's tokens to the share, once they are known; false if the server holds too many already. */
        public boolean takeTokens(int tokens) {
            if (!gate.reserveTokens(this, tokens)) {
                return false;
            }
            if (share.compareAndSet(1, 1L + tokens)) {
                return true;
            }
            gate.returnTokens(this, tokens);
            return false;
        }

        /** Gives the share back. Idempotent. */
        public void close() {
            long held = share.getAndSet(RETURNED);
            if (held != RETURNED) {
                gate.returnTokens(this, held - 1);
                gate.returnRequest(this);
                gate.wakeOne();
            }
        }
    }

    /**
     * A text that runs in several rows, of which only some are in flight at once. The gate counts those in flight; the batcher
     * knows by it which rows belong together. Any thread.
     */
    final class Document {
        private final AdmissionGate gate;
        private final Tenant tenant;
        private final Urgency urgency;
        /** Batcher thread only: the last batch tried that held one of its rows. */
        private long trial;

        private Document(AdmissionGate gate, Tenant tenant, Urgency urgency) {
            this.gate = gate;
            this.tenant = tenant;
            this.urgency = urgency;
        }

        /** About how long rows of that many tokens take from now on, behind what is in flight already. */
        public long estimateNanos(long tokens, long nowNanos) {
            return gate.estimateNanos(tenant, urgency, tokens, nowNanos);
        }

        /** A permit for one more row if there is room. It never is refused for the time it would wait. */
        public Optional<Permit> enter(int tokens, long nowNanos) {
            Permit permit = new Permit(gate, tenant, urgency, false);
            permit.document = this;
            if (!gate.reserveRow(permit, tokens, nowNanos)) {
                return Optional.empty();
            }
            permit.share.set(1L + tokens);
            return Optional.of(permit);
        }

        /**
         * Runs something once when a permit has come back, which need not make room enough. To be asked for before {@link #enter} is
         * tried once more, so that no permit comes back unseen.
         *
         * @param wake must not throw or block; if it has no use for room any more, it calls {@link #passOn}
         */
        public void awaitRoom(Runnable wake) {
            gate.awaitRoom(wake);
        }

        /** Wakes another one that waits for room. */
        public void passOn() {
            gate.wakeOne();
        }

        /** True if a batch that the batcher tries holds one of its rows. Batcher thread only. */
        boolean isIn(long batchTried) {
            return trial == batchTried;
        }

        /** Notes a batch that the batcher tries and that holds one of its rows. Batcher thread only. */
        void joins(long batchTried) {
            trial = batchTried;
        }
    }
}
