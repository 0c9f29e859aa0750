package io.nuner.server.batching;

/**
 * The one bound of the server: texts accepted but not yet answered, and their tokens. Any thread, never blocks.
 *
 * <p>Counters are raised first and lowered again when that went over a bound, so a bound is never exceeded by an admitted
 * request; under contention one may be refused that would just have fitted.
 *
 * <p>Once three quarters of a bound are in use, a tenant gets no more than its share by weight among those seen lately, so
 * that a flood leaves room for others, and bulk texts get nothing, so that there is room for those somebody waits for. An
 * interactive text is refused where its tenant's queue stands, since waiting longer helps nobody; see {@link StandingQueue}.
 */
public final class AdmissionGate {
    private final GateLimits limits;
    private final Tenants tenants;
    private final Backlog backlog;
    private final Holdings holdings = new Holdings();

    /** An open gate. */
    public AdmissionGate(GateLimits limits, Tenants tenants, Backlog backlog) {
        this.limits = limits;
        this.tenants = tenants;
        this.backlog = backlog;
    }

    /**
     * Admits one text or says why not. The caller must close a permit.
     *
     * @param deadlineNanos when nobody wants the answer any more, on the clock of {@code nowNanos}
     */
    public Admission enter(Tenant tenant, Urgency urgency, long nowNanos, long deadlineNanos) {
        tenants.seen(tenant, nowNanos);
        if (nowNanos - deadlineNanos >= 0) {
            return Refusal.of(Rejection.EXPIRED);
        }
        long delay = delayNanos(tenant, urgency, nowNanos);
        // who is in more of a hurry than the text before may go before it: that is for the batcher to judge
        boolean isLast = deadlineNanos - tenant.lastDeadlineNanos() >= 0;
        if (isLast && delay > deadlineNanos - nowNanos) {
            return Refusal.of(Rejection.UNMEETABLE, delay);
        }
        if (urgency == Urgency.INTERACTIVE && !tenant.standing().admits(delay, limits.maxDelayNanos(), nowNanos)) {
            return Refusal.of(Rejection.OVERLOADED, delay - limits.maxDelayNanos() / 2);
        }
        Permit permit = new Permit(this, tenant, urgency);
        return reserveRequest(permit) ? permit : Refusal.of(Rejection.OVERLOADED, delay);
    }

    /**
     * How long a text that arrives now would wait: for the texts of its tenant before it, slowed down by the other tenants'
     * shares, but not for more than all texts.
     */
    private long delayNanos(Tenant tenant, Urgency urgency, long nowNanos) {
        long all = holdings.tokensBefore(urgency);
        long own = tenant.holdings().tokensBefore(urgency);
        long inTurn = own * tenants.activeWeight(tenant) / tenant.weight();
        return backlog.delayNanos(Math.min(all, inTurn), nowNanos);
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
        holdings.of(permit.urgency()).addTokens(count);
        permit.tenant().holdings().of(permit.urgency()).addTokens(count);
        if (isWithin(
                permit, limits.maxTokens(), tokensInFlight(), permit.tenant().tokensInFlight())) {
            return true;
        }
        returnTokens(permit, count);
        return false;
    }

    /** A text that is alone, in the server or of its tenant, is over no share: or it could never be admitted. */
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
        holdings.of(permit.urgency()).addTokens(-count);
        permit.tenant().holdings().of(permit.urgency()).addTokens(-count);
    }

    void returnRequest(Permit permit) {
        holdings.of(permit.urgency()).removeRequest();
        permit.tenant().holdings().of(permit.urgency()).removeRequest();
    }
}
