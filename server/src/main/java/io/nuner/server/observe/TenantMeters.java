package io.nuner.server.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;

/** What became of one tenant's texts. Any thread; counting allocates nothing. */
public final class TenantMeters {
    private final Counter answered;
    private final List<Counter> refused;
    private final Histogram duration;
    private final Counter inTime;
    private final Counter inTimeTokens;

    TenantMeters(MeterRegistry registry, Histograms durations, String tenant, List<String> refusals) {
        answered = requests(registry, tenant, "ok");
        refused = refusals.stream()
                .map(refusal -> requests(registry, tenant, refusal))
                .toList();
        duration = durations.labelled("tenant", tenant);
        inTime = counter("nuner.goodput", "Texts answered before their deadline", tenant)
                .register(registry);
        inTimeTokens = counter("nuner.goodput.tokens", "Tokens of texts answered before their deadline", tenant)
                .register(registry);
    }

    private static Counter requests(MeterRegistry registry, String tenant, String outcome) {
        return counter("nuner.requests", "Texts by what became of them", tenant)
                .tag("outcome", outcome)
                .register(registry);
    }

    private static Counter.Builder counter(String name, String help, String tenant) {
        return Counter.builder(name).description(help).tag("tenant", tenant);
    }

    /** A text was answered before its deadline. */
    public void answeredInTime(long nanos, int tokens) {
        answered(nanos);
        inTime.increment();
        inTimeTokens.increment(tokens);
    }

    /** A text was answered, perhaps too late. */
    public void answered(long nanos) {
        answered.increment();
        duration.record(nanos);
    }

    /**
     * Texts were refused.
     *
     * @param refusal place of the reason in the list that the metrics were made with
     */
    public void refused(int refusal, int texts) {
        refused.get(refusal).increment(texts);
    }
}
