package io.nuner.server.rpc;

import io.nuner.server.batching.Patience;
import io.nuner.server.batching.Refusal;
import io.nuner.server.batching.Rejection;
import io.nuner.server.texts.Answer;
import io.nuner.v1.ExtractBatchItem;
import io.nuner.v1.ExtractBatchResponse;
import io.nuner.v1.ExtractResponse;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Collects the items of one batch call, in request order. Any thread.
 *
 * <p>Each item has a place of its own. The thread that brings the count of missing items to zero sends the response; it reads
 * all places after all of them were written. Room for a refusal is kept for each item, so the message stays below its bound
 * whatever the items are: an item that does not fit is refused alone.
 */
final class BatchAnswer {
    /** More bytes than the longest refusal takes. */
    static final int REFUSAL_BYTES = 1536;

    /** The texts of a call with more of them let calls of a single text go first. */
    private static final int FEW = 8;

    private static final int TAGS_AND_LENGTHS = 16;

    private final AtomicReferenceArray<ExtractBatchItem> items;
    private final AtomicInteger missing;
    private final AtomicLong room;
    private final int maxBytes;
    private final UnaryAnswer<ExtractBatchResponse> answer;

    /**
     * Waits for at least one item.
     *
     * @param maxBytes of the whole message
     * @param answer takes the whole message
     */
    BatchAnswer(int size, int maxBytes, UnaryAnswer<ExtractBatchResponse> answer) {
        this.items = new AtomicReferenceArray<>(size);
        this.missing = new AtomicInteger(size);
        this.room = new AtomicLong(maxBytes - (long) size * REFUSAL_BYTES);
        this.maxBytes = maxBytes;
        this.answer = answer;
    }

    /** The place of one item. */
    Answer<ExtractResponse> item(int index) {
        return new Answer<>() {
            @Override
            public Patience patience(long nowNanos) {
                return new Patience(false, items.length() > FEW);
            }

            @Override
            public Optional<Refusal> takeRoom(ExtractResponse response) {
                return BatchAnswer.this.takeRoom(response.getSerializedSize() + TAGS_AND_LENGTHS);
            }

            @Override
            public void response(ExtractResponse response) {
                put(index, ExtractBatchItem.newBuilder().setResponse(response).build());
            }

            @Override
            public void refusal(Refusal refusal) {
                put(index, RejectionStatus.item(refusal));
            }
        };
    }

    private Optional<Refusal> takeRoom(int bytes) {
        long left = room.addAndGet(-bytes);
        if (left < 0) {
            room.addAndGet(bytes);
            return Optional.of(Refusal.saying(
                    Rejection.ANSWER_TOO_LARGE,
                    "this text's answer of " + bytes + " bytes does not fit into the " + maxBytes
                            + " bytes of an answer beside those of the other texts; send it alone",
                    new Refusal.Excess(bytes, maxBytes, Refusal.Unit.BYTES)));
        }
        if (!answer.delivery().hold(bytes)) {
            room.addAndGet(bytes);
            return Optional.of(Refusal.of(Rejection.UNREAD_ANSWERS));
        }
        return Optional.empty();
    }

    private void put(int index, ExtractBatchItem item) {
        items.set(index, item);
        if (missing.decrementAndGet() == 0) {
            answer.response(collect());
        }
    }

    private ExtractBatchResponse collect() {
        ExtractBatchResponse.Builder response = ExtractBatchResponse.newBuilder();
        for (int i = 0; i < items.length(); i++) {
            response.addItems(items.get(i));
        }
        return response.build();
    }
}
