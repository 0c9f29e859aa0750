package io.nuner.client;

import io.grpc.Status;
import io.nuner.v1.ExtractBatchItem;
import io.nuner.v1.ExtractStreamResponse;

/** What became of one text of several: its entities or the reason there are none. */
public sealed interface Outcome {
    /** The entities, or the failure thrown. */
    Extraction orThrow() throws ExtractionException;

    /**
     * The text was searched.
     *
     * @param extraction its entities
     */
    record Extracted(Extraction extraction) implements Outcome {
        @Override
        public Extraction orThrow() {
            return extraction;
        }
    }

    /**
     * The text was refused; its neighbours were not.
     *
     * @param reason what {@link ExtractionClient#extract} would have thrown
     */
    record Refused(ExtractionException reason) implements Outcome {
        @Override
        public Extraction orThrow() throws ExtractionException {
            throw reason;
        }
    }

    /** The outcome in an item of an answer. */
    static Outcome of(ExtractBatchItem item) {
        return switch (item.getResultCase()) {
            case RESPONSE -> new Extracted(Extraction.of(item.getResponse()));
            case ERROR -> new Refused(ExtractionException.of(item.getError()));
            case RESULT_NOT_SET -> new Refused(empty());
        };
    }

    /** The outcome in an answer of a stream. */
    static Outcome of(ExtractStreamResponse answer) {
        return switch (answer.getResultCase()) {
            case RESPONSE -> new Extracted(Extraction.of(answer.getResponse()));
            case ERROR -> new Refused(ExtractionException.of(answer.getError()));
            case RESULT_NOT_SET -> new Refused(empty());
        };
    }

    /** An item that holds neither is an error of the server. */
    private static ExtractionException empty() {
        return ExtractionException.of(Status.INTERNAL.withDescription("the server sent an empty item"));
    }
}
