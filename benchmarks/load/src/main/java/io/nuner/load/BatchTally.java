package io.nuner.load;

import io.nuner.v1.Timings;

/**
 * What answers say about the batches they came in. Each of the n answers of a batch counts as one n-th of it; a
 * batch in which some got no answer counts as less than one. One thread at a time.
 */
final class BatchTally {
    private final Times queued = new Times();
    private final Times inference = new Times();
    private double batches;
    private long rows;
    private double tokens;
    private double paddedTokens;

    void add(Timings timings) {
        if (timings.getBatchRows() == 0) {
            return; // the model did not run
        }
        double share = 1.0 / timings.getBatchRows();
        batches += share;
        rows++;
        tokens += share * timings.getBatchTokens();
        paddedTokens += share * timings.getBatchPaddedTokens();
        queued.add(timings.getQueueNanos());
        inference.add(timings.getInferenceNanos());
    }

    /** The summary; {@code maxRows} is 0 if the server does not say how many rows a batch may have. */
    StepReport.Batches summary(int maxRows) {
        double fill = batches == 0 || maxRows == 0 ? 0 : rows / batches / maxRows;
        return new StepReport.Batches(
                batches,
                batches == 0 ? 0 : rows / batches,
                fill,
                batches == 0 ? 0 : tokens / batches,
                tokens == 0 ? 0 : paddedTokens / tokens,
                queued.summary(),
                inference.summary());
    }
}
