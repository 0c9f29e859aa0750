package io.nuner.client;

import io.nuner.v1.ExtractRequest;

/**
 * A text of a stream that is on its way. Immutable.
 *
 * @param index which text of the stream it is
 * @param refusals how often a server could not answer it just then
 */
record SentText(long index, ExtractRequest request, int refusals) {
    int bytes() {
        return request.getSerializedSize();
    }

    SentText refusedOnceMore() {
        return new SentText(index, request, refusals + 1);
    }

    TextOutcome with(Outcome outcome) {
        return new TextOutcome(index, request.getText(), outcome);
    }
}
