package io.nuner.load;

/**
 * The batches that answers came in. Immutable.
 *
 * @param count how many, members without an answer left out: a fraction
 * @param rows texts of a batch, on average over batches
 * @param fill those over the most that the server puts into one; 0 if it does not say
 * @param tokens tokens of a batch, on average over batches
 * @param padding tokens as attention sees them over real ones; 0 if the server does not say
 * @param queueMillis from ready-to-run to the start of the batch, over texts
 * @param inferenceMillis of the forward pass, over texts
 */
public record Batches(
        double count,
        double rows,
        double fill,
        double tokens,
        double padding,
        Millis queueMillis,
        Millis inferenceMillis) {}
