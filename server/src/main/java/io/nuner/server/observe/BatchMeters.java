package io.nuner.server.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/** What batches are made of and how long they take. One thread at a time; counting allocates nothing. */
public final class BatchMeters {
    /** Lengths up to two to this power share one label. */
    private static final int SHORTEST_EXPONENT = 3;

    private final Counter batches;
    private final Histogram rows;
    private final Histogram tokens;
    private final Histogram fill;
    private final Counter usefulTokens;
    private final Counter paddedTokens;
    private final Counter tokensOfShapes;
    private final Counter[][] shapes;
    private final Histogram interactiveWait;
    private final Histogram bulkWait;
    private final Histogram slack;
    private final Counter late;
    private final Histogram run;
    private final Histogram runOverExpected;

    BatchMeters(PrometheusMeterRegistry registry, Largest largest) {
        PrometheusRegistry shown = registry.getPrometheusRegistry();
        batches = counter(registry, "nuner.batches", "Batches that left for the engine");
        usefulTokens = counter(registry, "nuner.useful.tokens", "Tokens in batches, without padding");
        paddedTokens = counter(registry, "nuner.padded.tokens", "Tokens in batches, rows padded to the longest");
        tokensOfShapes = counter(registry, "nuner.cell.tokens", "Tokens in batches, padded as the engine pads them");
        late = counter(registry, "nuner.launched.late", "Texts that left although their expected end is too late");
        shapes = shapes(registry, largest);
        rows = single(shown, "nuner_batch_rows", "Texts of a batch", Buckets.counts(largest.rows));
        tokens = single(
                shown, "nuner_batch_tokens", "Tokens of a batch, without padding", Buckets.counts(largest.tokens));
        fill = single(
                shown,
                "nuner_batch_fill_ratio",
                "Used part of a batch's rows or padded tokens, the larger one",
                Buckets.parts());
        Histograms waits = Histograms.in(
                shown,
                "nuner_queue_wait_seconds",
                "From encoded to the start of the batch, of each text",
                Buckets.seconds());
        interactiveWait = waits.labelled("priority", "interactive");
        bulkWait = waits.labelled("priority", "bulk");
        slack = single(
                shown,
                "nuner_slack_at_launch_seconds",
                "Deadline minus expected end of each text of a batch, from 0",
                Buckets.seconds());
        run = single(shown, "nuner_batch_run_seconds", "Forward pass of a batch", Buckets.seconds());
        runOverExpected = single(
                shown,
                "nuner_batch_run_over_expected_ratio",
                "Forward pass over what was expected",
                Buckets.quotients());
    }

    private static Histogram single(PrometheusRegistry registry, String name, String help, Buckets buckets) {
        return Histograms.in(registry, name, help, buckets).single();
    }

    private static Counter counter(MeterRegistry registry, String name, String help) {
        return Counter.builder(name).description(help).register(registry);
    }

    private static Counter[][] shapes(MeterRegistry registry, Largest largest) {
        int lengths = Math.max(0, Buckets.exponent(largest.longest()) - SHORTEST_EXPONENT) + 1;
        Counter[][] shapes = new Counter[Buckets.exponent(largest.rows()) + 1][lengths];
        for (int row = 0; row < shapes.length; row++) {
            for (int length = 0; length < lengths; length++) {
                shapes[row][length] = Counter.builder("nuner.cell")
                        .description("Batches by rows and longest row, both rounded up to a power of two")
                        .tag("rows", Integer.toString(1 << row))
                        .tag("longest", Integer.toString(1 << (length + SHORTEST_EXPONENT)))
                        .register(registry);
            }
        }
        return shapes;
    }

    /**
     * A batch leaves.
     *
     * @param paddedByEngine tokens of the shape to which the engine pads it
     * @param used the part of what a batch may hold
     */
    public void launched(int batchRows, int longest, int batchTokens, double paddedByEngine, double used) {
        batches.increment();
        rows.record(batchRows);
        tokens.record(batchTokens);
        fill.record(Buckets.millionths(used));
        usefulTokens.increment(batchTokens);
        paddedTokens.increment((double) batchRows * longest);
        tokensOfShapes.increment(paddedByEngine);
        Counter[] ofRows = shapes[Math.min(Buckets.exponent(batchRows), shapes.length - 1)];
        int length = Math.max(0, Buckets.exponent(longest) - SHORTEST_EXPONENT);
        ofRows[Math.min(length, ofRows.length - 1)].increment();
    }

    /** A text of the batch had waited this long. */
    public void waited(boolean bulk, long nanos) {
        (bulk ? bulkWait : interactiveWait).record(nanos);
    }

    /** A text of the batch will have this much time left; a negative time says that it will be late. */
    public void slack(long nanos) {
        slack.record(Math.max(0, nanos));
        if (nanos < 0) {
            late.increment();
        }
    }

    /** The forward pass of a whole batch succeeded. */
    public void ran(long nanos, long expectedNanos) {
        run.record(nanos);
        runOverExpected.record(Buckets.millionths((double) nanos / Math.max(1, expectedNanos)));
    }

    /**
     * The largest possible batch. Immutable.
     *
     * @param rows texts
     * @param longest tokens of one row
     * @param tokens of all rows
     */
    public record Largest(int rows, int longest, int tokens) {}
}
