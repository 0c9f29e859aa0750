package io.nuner.server.texts;

import io.nuner.model.encode.EncodedRequest;
import io.nuner.model.window.Window;
import io.nuner.server.batching.BatchRun;
import io.nuner.v1.Timings;
import io.nuner.v1.Usage;

/** What the rows of one text took, together. One thread at a time. */
final class RowAccount {
    private final int groups;
    private int rows;
    private int promptTokens;
    private int textTokens;
    private int shortenedWords;
    private long encodeNanos;
    private long queueNanos;
    private long inferenceNanos;
    private long decodeNanos;
    private BatchRun largest = new BatchRun(0, 0, 0, 0, 0);

    /**
     * No row yet.
     *
     * @param groups in which the labels are asked for
     */
    RowAccount(int groups) {
        this.groups = groups;
    }

    /** The rows of a window were made. */
    void encoded(Window window) {
        for (EncodedRequest row : window.rows()) {
            rows++;
            promptTokens += row.promptTokens();
            textTokens += row.textTokens();
        }
        shortenedWords += window.shortenedWords();
    }

    /** A row ran. */
    void ran(BatchRun run, long readyNanos) {
        queueNanos += run.startNanos() - readyNanos;
        inferenceNanos += run.runNanos();
        largest = run.paddedTokens() > largest.paddedTokens() ? run : largest;
    }

    void encodedFor(long nanos) {
        encodeNanos += nanos;
    }

    void decodedFor(long nanos) {
        decodeNanos += nanos;
    }

    Timings timings() {
        return Timings.newBuilder()
                .setEncodeNanos(encodeNanos)
                .setQueueNanos(queueNanos)
                .setInferenceNanos(inferenceNanos)
                .setDecodeNanos(decodeNanos)
                .setBatchRows(largest.rows())
                .setBatchTokens(largest.tokens())
                .setBatchPaddedTokens(largest.paddedTokens())
                .build();
    }

    Usage.Builder usage() {
        return Usage.newBuilder()
                .setPromptTokens(promptTokens)
                .setTextTokens(textTokens)
                .setWindows(rows)
                .setShortenedWords(shortenedWords)
                .setLabelGroups(groups);
    }
}
