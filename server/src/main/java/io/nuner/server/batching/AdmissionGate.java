package io.nuner.server.batching;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The one bound of the server: texts accepted but not yet answered, and their tokens. Any thread, never blocks.
 *
 * <p>Both counters are raised first and lowered again when that went over the bound, so the bound is never exceeded by
 * an admitted request; under contention one may be refused that would just have fitted.
 */
public final class AdmissionGate {
    private final int maxRequests;
    private final long maxTokens;
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicLong tokens = new AtomicLong();

    /**
     * An open gate.
     *
     * @param maxRequests texts in flight
     * @param maxTokens tokens in flight; a text of more tokens is never admitted
     */
    public AdmissionGate(int maxRequests, long maxTokens) {
        this.maxRequests = maxRequests;
        this.maxTokens = maxTokens;
    }

    /** Admits one text, or empty if there is no place. The caller must close the permit. */
    public Optional<Permit> tryEnter() {
        if (requests.incrementAndGet() > maxRequests) {
            returnRequest();
            return Optional.empty();
        }
        return Optional.of(new Permit(this));
    }

    /** Texts in flight. */
    public int requestsInFlight() {
        return requests.get();
    }

    /** Tokens in flight. */
    public long tokensInFlight() {
        return tokens.get();
    }

    boolean reserveTokens(long count) {
        if (tokens.addAndGet(count) > maxTokens) {
            returnTokens(count);
            return false;
        }
        return true;
    }

    void returnTokens(long count) {
        tokens.addAndGet(-count);
    }

    void returnRequest() {
        requests.decrementAndGet();
    }
}
