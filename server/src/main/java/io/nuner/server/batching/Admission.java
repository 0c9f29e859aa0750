package io.nuner.server.batching;

import java.util.concurrent.atomic.AtomicLong;

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
        private final AtomicLong share = new AtomicLong(1);

        Permit(AdmissionGate gate, Tenant tenant, Urgency urgency) {
            this.gate = gate;
            this.tenant = tenant;
            this.urgency = urgency;
        }

        /** Whose request it is. */
        public Tenant tenant() {
            return tenant;
        }

        /** How urgent it is. */
        public Urgency urgency() {
            return urgency;
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
            }
        }
    }
}
