package io.nuner.server.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;

/** What batches are made of and how long they take. One thread at a time; counting allocates nothing. */
public final class BatchMeters {
    /** Shorter batches are told apart no further. */
    private static final int SHORTEST_EXPONENT = 3;

    private final Counter batches;
    private final DistributionSummary rows;
    private final DistributionSummary tokens;
    private final DistributionSummary fill;
    private final Counter usefulTokens;
    private final Counter paddedTokens;
    private final Counter cellTokens;
    private final Counter[][] cells;
    private final Timer interactiveWait;
    private final Timer bulkWait;
    private final Timer slack;
    private final Counter late;
    private final Timer run;
    private final DistributionSummary runOverExpected;

    BatchMeters(MeterRegistry registry, Largest largest) {
        batches = counter(registry, "nuner.batches", "Batches that left for the engine");
        rows = Buckets.counts("nuner.batch.rows", "Texts of a batch", largest.rows())
                .register(registry);
        tokens = Buckets.counts("nuner.batch.tokens", "Tokens of a batch, without padding", largest.tokens())
                .register(registry);
        fill = Buckets.parts("nuner.batch.fill.ratio", "Used part of a batch's rows or padded tokens, the larger one")
                .register(registry);
        usefulTokens = counter(registry, "nuner.useful.tokens", "Tokens in batches, without padding");
        paddedTokens = counter(registry, "nuner.padded.tokens", "Tokens in batches, rows padded to the longest");
        cellTokens = counter(registry, "nuner.cell.tokens", "Tokens in batches, padded as the engine pads them");
        cells = cells(registry, largest);
        interactiveWait = wait(registry, "interactive");
        bulkWait = wait(registry, "bulk");
        slack = Buckets.seconds("nuner.slack.at.launch", "Deadline minus expected end of each text of a batch, from 0")
                .register(registry);
        late = counter(registry, "nuner.launched.late", "Texts that left although their expected end is too late");
        run = Buckets.seconds("nuner.batch.run", "Forward pass of a batch").register(registry);
        runOverExpected = Buckets.quotients(
                        "nuner.batch.run.over.expected.ratio", "Forward pass over what was expected")
                .register(registry);
    }

    private static Counter counter(MeterRegistry registry, String name, String help) {
        return Counter.builder(name).description(help).register(registry);
    }

    private static Timer wait(MeterRegistry registry, String priority) {
        return Buckets.seconds("nuner.queue.wait", "From encoded to the start of the batch, of each text")
                .tag("priority", priority)
                .register(registry);
    }

    private static Counter[][] cells(MeterRegistry registry, Largest largest) {
        int lengths = Math.max(0, PowersOfTwo.exponent(largest.longest()) - SHORTEST_EXPONENT) + 1;
        Counter[][] cells = new Counter[PowersOfTwo.exponent(largest.rows()) + 1][lengths];
        for (int row = 0; row < cells.length; row++) {
            for (int length = 0; length < lengths; length++) {
                cells[row][length] = Counter.builder("nuner.cell")
                        .description("Batches by rows and longest row, both rounded up to a power of two")
                        .tag("rows", Integer.toString(1 << row))
                        .tag("longest", Integer.toString(1 << (length + SHORTEST_EXPONENT)))
                        .register(registry);
            }
        }
        return cells;
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
        fill.record(used);
        usefulTokens.increment(batchTokens);
        paddedTokens.increment((double) batchRows * longest);
        cellTokens.increment(paddedByEngine);
        Counter[] ofRows = cells[Math.min(PowersOfTwo.exponent(batchRows), cells.length - 1)];
        int length = Math.max(0, PowersOfTwo.exponent(longest) - SHORTEST_EXPONENT);
        ofRows[Math.min(length, ofRows.length - 1)].increment();
    }

    /** A text of it had waited so long. */
    public void waited(boolean bulk, long nanos) {
        (bulk ? bulkWait : interactiveWait).record(nanos, TimeUnit.NANOSECONDS);
    }

    /** A text of it will have so much time left; a negative time says that it will be late. */
    public void slack(long nanos) {
        slack.record(Math.max(0, nanos), TimeUnit.NANOSECONDS);
        if (nanos < 0) {
            late.increment();
        }
    }

    /** The forward pass of a whole batch succeeded. */
    public void ran(long nanos, long expectedNanos) {
        run.record(nanos, TimeUnit.NANOSECONDS);
        runOverExpected.record((double) nanos / Math.max(1, expectedNanos));
    }

    /**
     * The largest batch that can be. Immutable.
     *
     * @param rows texts
     * @param longest tokens of one row
     * @param tokens of all rows
     */
    public record Largest(int rows, int longest, int tokens) {}
}
