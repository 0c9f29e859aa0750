package io.nuner.server.batching;

import java.util.concurrent.atomic.AtomicLong;

/**
 * One admitted request's share of the {@link AdmissionGate}. Any thread.
 *
 * <p>The state is the share itself: tokens held plus one, or {@link #RETURNED}. Taking tokens and returning the share are
 * both a compare-and-set of that one word, so whichever comes second sees the other: tokens are never added to a share
 * that went back, and a share goes back once.
 */
public final class Permit {
    private static final long RETURNED = 0;

    private final AdmissionGate gate;
    private final AtomicLong share = new AtomicLong(1);

    Permit(AdmissionGate gate) {
        this.gate = gate;
    }

    /** Adds the request's tokens to the share, once they are known; false if the server holds too many already. */
    public boolean takeTokens(int tokens) {
        if (!gate.reserveTokens(tokens)) {
            return false;
        }
        if (share.compareAndSet(1, 1L + tokens)) {
            return true;
        }
        gate.returnTokens(tokens);
        return false;
    }

    /** Gives the share back. Idempotent. */
    public void close() {
        long held = share.getAndSet(RETURNED);
        if (held != RETURNED) {
            gate.returnTokens(held - 1);
            gate.returnRequest();
        }
    }
}
