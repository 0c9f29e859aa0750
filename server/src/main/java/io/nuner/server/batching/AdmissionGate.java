package io.nuner.server.batching;

import io.nuner.server.batching.Admission.Permit;
import io.nuner.server.batching.AdmissionGate.Holdings.Held;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The one bound of the server: texts accepted but not yet answered, and their tokens. Any thread, never blocks.
 *
 * <p>Counters are raised first, and lowered again if they passed a bound, so admitted requests never exceed a bound; under
 * contention a request that would just have fitted may be refused.
 *
 * <p>Once three quarters of a bound are in use, a tenant gets no more than its share by weight among those seen lately, so
 * that a flood leaves room for others, and bulk texts get nothing, so that interactive ones find room. An interactive text is
 * refused where its tenant's queue stands, since waiting longer helps nobody; see {@link StandingQueue}.
 */
public final class AdmissionGate {
    private final Limits limits;
    private final Tenants tenants;
    private final Backlog backlog;
    private final Holdings holdings = new Holdings();
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();

    /** An open gate. */
    public AdmissionGate(Limits limits, Tenants tenants, Backlog backlog) {
        this.limits = limits;
        this.tenants = tenants;
        this.backlog = backlog;
    }

    /** Admits one text of a caller who waits for it, or says why not. The caller must close a permit. */
    public Admission enter(Tenant tenant, Urgency urgency, long nowNanos, long deadlineNanos) {
        return enter(tenant, urgency, Patience.NONE, nowNanos, deadlineNanos);
    }

    /**
     * Admits one text or says why not. The caller must close a permit.
     *
     * @param patience how it lets others go first
     * @param deadlineNanos when nobody wants the answer any more, on the clock of {@code nowNanos}
     */
    public Admission enter(Tenant tenant, Urgency urgency, Patience patience, long nowNanos, long deadlineNanos) {
        tenants.seen(tenant, nowNanos);
        if (nowNanos - deadlineNanos >= 0) {
            return Refusal.of(Rejection.EXPIRED);
        }
        long delay = delayNanos(tenant, urgency, patience, nowNanos);
        if (patience.isHeldBack()) {
            long mostPatiently = mostPatiently(nowNanos);
            if (delay > mostPatiently) {
                return Refusal.of(Rejection.OVERLOADED, delay - mostPatiently / 2);
            }
        }
        // a text with a nearer deadline than the last one overtakes it: the batcher judges that, since it knows the
        // order
        boolean isLast = deadlineNanos - tenant.lastDeadlineNanos() >= 0;
        if (isLast && delay > deadlineNanos - nowNanos) {
            return Refusal.of(Rejection.UNMEETABLE, delay);
        }
        long most = maxDelayNanos(nowNanos);
        if (urgency == Urgency.INTERACTIVE && !tenant.standing(patience).admit(delay, most, nowNanos)) {
            return Refusal.of(Rejection.OVERLOADED, delay - most / 2);
        }
        Permit permit = new Permit(this, tenant, urgency, patience.yields());
        return reserveRequest(permit) ? permit : Refusal.of(Rejection.OVERLOADED, delay);
    }

    /** Whoever is held back leaves half of what may stand to those who are refused, and does not count as one who waited in vain. */
    private long mostPatiently(long nowNanos) {
        return Math.max(limits.maxDelayNanos() / 2, backlog.untilFreeNanos(nowNanos) + limits.maxDelayNanos() / 4);
    }

    /** A run that takes longer than a queue may stand, such as one of rows of documents, is no queue: half of it may stand behind. */
    private long maxDelayNanos(long nowNanos) {
        return Math.max(limits.maxDelayNanos(), backlog.untilFreeNanos(nowNanos) + limits.maxDelayNanos() / 2);
    }

    /**
     * How long a text that arrives now would wait: for the texts of its tenant before it, slowed down by the other tenants'
     * shares, but not for more than all texts. Rows of its tenant's documents come after it, and after a call texts that yield.
     */
    private long delayNanos(Tenant tenant, Urgency urgency, Patience patience, long nowNanos) {
        Held held = tenant.holdings().of(urgency);
        long after = held.documentTokens() + (patience.yields() ? 0 : held.yieldingTokens());
        return delayNanos(tenant, urgency, -after, nowNanos);
    }

    private long delayNanos(Tenant tenant, Urgency urgency, long more, long nowNanos) {
        long all = holdings.tokensBefore(urgency) + more;
        long own = tenant.holdings().tokensBefore(urgency) + more;
        long inTurn = own * tenants.activeWeight(tenant) / tenant.weight();
        return backlog.delayNanos(Math.min(all, inTurn), nowNanos);
    }

    /** How long rows of a document take, all of which would come after what its tenant has in flight. */
    long estimateNanos(Tenant tenant, Urgency urgency, long tokens, long nowNanos) {
        return delayNanos(tenant, urgency, tokens, nowNanos);
    }

    /** Reserves room for one more row of a document; wakes nobody if there is none. */
    boolean reserveRow(Permit permit, int tokens, long nowNanos) {
        tenants.seen(permit.tenant(), nowNanos);
        if (!reserveRequest(permit)) {
            return false;
        }
        if (!reserveTokens(permit, tokens)) {
            returnRequest(permit);
            return false;
        }
        return true;
    }

    void awaitRoom(Runnable wake) {
        waiting.add(wake);
    }

    void wakeOne() {
        Runnable first = waiting.poll();
        if (first != null) {
            first.run();
        }
    }

    /** Texts in flight. */
    public int requestsInFlight() {
        return holdings.requests();
    }

    /** Tokens in flight. */
    public long tokensInFlight() {
        return holdings.tokens();
    }

    private boolean reserveRequest(Permit permit) {
        holdings.of(permit.urgency()).addRequest();
        permit.tenant().holdings().of(permit.urgency()).addRequest();
        if (isWithin(
                permit,
                limits.maxRequests(),
                requestsInFlight(),
                permit.tenant().requestsInFlight())) {
            return true;
        }
        returnRequest(permit);
        return false;
    }

    boolean reserveTokens(Permit permit, long count) {
        addTokens(permit, count);
        if (isWithin(
                permit, limits.maxTokens(), tokensInFlight(), permit.tenant().tokensInFlight())) {
            return true;
        }
        returnTokens(permit, count);
        return false;
    }

    /** The only text of the server, or of its tenant, is never over a share: otherwise a large one could never be admitted. */
    private boolean isWithin(Permit permit, long bound, long all, long own) {
        if (all <= bound - bound / 4) {
            return true;
        }
        if (permit.urgency() == Urgency.BULK) {
            return all <= bound && requestsInFlight() == 1;
        }
        Tenant tenant = permit.tenant();
        long share = bound * tenant.weight() / tenants.activeWeight(tenant);
        return all <= bound && (own <= share || tenant.requestsInFlight() == 1);
    }

    void returnTokens(Permit permit, long count) {
        addTokens(permit, -count);
    }

    private void addTokens(Permit permit, long count) {
        holdings.of(permit.urgency()).addTokens(count, permit);
        permit.tenant().holdings().of(permit.urgency()).addTokens(count, permit);
    }

    void returnRequest(Permit permit) {
        holdings.of(permit.urgency()).removeRequest();
        permit.tenant().holdings().of(permit.urgency()).removeRequest();
    }

    /**
     * How much is in flight at most. Immutable.
     *
     * @param maxRequests texts accepted but not yet answered
     * @param maxTokens tokens of those texts; a text of more tokens is never admitted
     * @param maxDelayNanos how long a queue of interactive texts may stand; see {@link StandingQueue}
     */
    public record Limits(int maxRequests, long maxTokens, long maxDelayNanos) {}

    /** Texts in flight and their tokens, of the whole server or of one tenant, by urgency. Any thread. */
    static final class Holdings {
        private final Held interactive = new Held();
        private final Held bulk = new Held();

        Held of(Urgency urgency) {
            return urgency == Urgency.BULK ? bulk : interactive;
        }

        int requests() {
            return interactive.requests() + bulk.requests();
        }

        long tokens() {
            return interactive.tokens() + bulk.tokens();
        }

        /** Tokens of what goes before a text of that urgency. */
        long tokensBefore(Urgency urgency) {
            return urgency == Urgency.BULK ? tokens() : interactive.tokens();
        }

        /** Of one urgency. Any thread. */
        static final class Held {
            private final AtomicInteger requests = new AtomicInteger();
            private final AtomicLong tokens = new AtomicLong();
            private final AtomicLong documentTokens = new AtomicLong();
            private final AtomicLong yieldingTokens = new AtomicLong();

            int requests() {
                return requests.get();
            }

            long tokens() {
                return tokens.get();
            }

            void addRequest() {
                requests.incrementAndGet();
            }

            void removeRequest() {
                requests.decrementAndGet();
            }

            /** Tokens of rows of documents. */
            long documentTokens() {
                return documentTokens.get();
            }

            /** Tokens of texts that yield, or did until their patience ended. */
            long yieldingTokens() {
                return yieldingTokens.get();
            }

            void addTokens(long count, Permit of) {
                tokens.addAndGet(count);
                if (of.document() != null) {
                    documentTokens.addAndGet(count);
                } else if (of.yields()) {
                    yieldingTokens.addAndGet(count);
                }
            }
        }
    }
}
