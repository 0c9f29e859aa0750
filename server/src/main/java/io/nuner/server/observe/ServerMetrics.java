package io.nuner.server.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;
import java.util.function.Function;

/**
 * Everything the server counts, under names that begin with {@code nuner_}; docs/metrics.md lists them. Any thread.
 *
 * <p>Series are made from what the operator configured: no caller can make one.
 */
public final class ServerMetrics implements AutoCloseable {
    /** Most measured batches that are shown; more would crowd out the rest. */
    public static final int MAX_MEASURED = 128;

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ProcessMeters process = new ProcessMeters();
    private final AtomicInteger measured = new AtomicInteger();

    /** Held here because the registry holds them only weakly. */
    private final Queue<DoubleSupplier> counted = new ConcurrentLinkedQueue<>();

    /** Fails at a wrong registration rather than losing the series in silence. */
    public ServerMetrics() {
        registry.throwExceptionOnRegistrationFailure();
    }

    /** Adds the virtual machine and the process. A call of its own, because it listens to the garbage collector. */
    public void bindProcess() {
        process.bindTo(registry);
    }

    /** Makes meters for tenants by name, for each name once: they count answers and refusals. */
    public <R extends Enum<R>> Function<String, TenantMeters<R>> tenants(Class<R> refusals) {
        Histograms durations = Histograms.in(
                registry.getPrometheusRegistry(),
                "nuner_request_duration_seconds",
                "From the call's arrival to the answer, of answered texts",
                Buckets.seconds());
        return name -> new TenantMeters<>(registry, durations, name, refusals);
    }

    /** Meters of batches. */
    public BatchMeters batches(BatchMeters.Largest largest) {
        return new BatchMeters(registry, largest);
    }

    /** A counter for each value of a label; the constants' names, in lower case. */
    public <R extends Enum<R>> Counts<R> counts(String name, String help, String label, Class<R> values) {
        Map<R, Counter> counters = new EnumMap<>(values);
        for (R value : values.getEnumConstants()) {
            counters.put(
                    value,
                    Counter.builder(name)
                            .description(help)
                            .tag(label, label(value))
                            .register(registry));
        }
        return new Counts<>(counters);
    }

    static String label(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** A count that is kept elsewhere. */
    public void count(String name, String help, DoubleSupplier value) {
        counted.add(value);
        FunctionCounter.builder(name, value, DoubleSupplier::getAsDouble)
                .description(help)
                .register(registry);
    }

    /** A value that is looked at when somebody asks. */
    public void gauge(String name, String help, DoubleSupplier value) {
        gauge(name, help, Tags.empty(), value);
    }

    /** What is served; always 1. */
    public void info(String version, String model, String engine) {
        Tags tags = Tags.of("version", version, "model", model, "engine", engine);
        gauge("nuner.info", "What is served; always 1", tags, () -> 1);
    }

    /** How long a batch of that shape took when it was measured at start; those beyond {@link #MAX_MEASURED} are not shown. */
    public void measuredBatch(int rows, int longest, int tokens, double seconds) {
        if (measured.getAndIncrement() >= MAX_MEASURED) {
            return;
        }
        Tags tags = Tags.of(
                "rows", Integer.toString(rows),
                "longest", Integer.toString(longest),
                "tokens", Integer.toString(tokens));
        gauge("nuner.cell.measured.seconds", "Forward pass of a batch, measured at start", tags, () -> seconds);
    }

    private void gauge(String name, String help, Tags tags, DoubleSupplier value) {
        Gauge.builder(name, value::getAsDouble).description(help).tags(tags).register(registry);
    }

    /** All series, in the text format 0.0.4 of Prometheus. */
    public String scrape() {
        return registry.scrape();
    }

    @Override
    public void close() {
        process.close();
        registry.close();
    }
}
