package io.nuner.server.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;

/**
 * What became of one tenant's texts. Any thread; counting allocates nothing.
 *
 * @param <R> the reasons for which a text gets no answer
 */
public final class TenantMeters<R extends Enum<R>> {
    private final Counter answered;
    private final Counts<R> refused;
    private final Histogram duration;
    private final Counter inTime;
    private final Counter inTimeTokens;

    TenantMeters(MeterRegistry registry, Histograms durations, String tenant, Class<R> refusals) {
        answered = requests(registry, tenant, "ok");
        Map<R, Counter> counters = new EnumMap<>(refusals);
        for (R refusal : refusals.getEnumConstants()) {
            counters.put(refusal, requests(registry, tenant, ServerMetrics.label(refusal)));
        }
        refused = new Counts<>(counters);
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

    /** Texts were refused. */
    public void refused(R refusal, int texts) {
        refused.add(refusal, texts);
    }
}
