package io.nuner.server.rpc;

import io.nuner.server.answers.Delivery;
import io.nuner.server.batching.Refusal;
import io.nuner.server.batching.Rejection;
import io.nuner.v1.ExtractBatchItem;
import io.nuner.v1.ExtractBatchResponse;
import io.nuner.v1.ExtractResponse;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;

/**
 * Collects the items of one batch call, in request order. Any thread.
 *
 * <p>Each item has a place of its own; whoever brings the count of missing items to zero sends the response, and reads
 * all places after all of them were written. Room for a refusal is kept for each item, so the message stays below its bound
 * whatever the items are: one that does not fit any more is refused alone.
 */
final class BatchAnswer {
    /** More than the longest refusal takes. */
    static final int REFUSAL_BYTES = 1024;

    private static final int TAGS_AND_LENGTHS = 16;

    private final AtomicReferenceArray<ExtractBatchItem> items;
    private final AtomicInteger missing;
    private final AtomicLong room;
    private final int maxBytes;
    private final Delivery delivery;
    private final Consumer<ExtractBatchResponse> complete;

    /**
     * Waits for at least one item.
     *
     * @param maxBytes of the whole message
     * @param delivery takes it out
     */
    BatchAnswer(int size, int maxBytes, Delivery delivery, Consumer<ExtractBatchResponse> complete) {
        this.items = new AtomicReferenceArray<>(size);
        this.missing = new AtomicInteger(size);
        this.room = new AtomicLong(maxBytes - (long) size * REFUSAL_BYTES);
        this.maxBytes = maxBytes;
        this.delivery = delivery;
        this.complete = complete;
    }

    /** The place of one item. */
    Answer item(int index) {
        return new Answer() {
            @Override
            public Optional<Refusal> turnsAway(ExtractResponse response) {
                return takeRoom(response.getSerializedSize() + TAGS_AND_LENGTHS);
            }

            @Override
            public void entities(ExtractResponse response) {
                put(index, ExtractBatchItem.newBuilder().setResponse(response).build());
            }

            @Override
            public void refusal(Refusal refusal) {
                put(
                        index,
                        ExtractBatchItem.newBuilder()
                                .setError(RejectionStatus.of(refusal))
                                .build());
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
                            + " bytes of an answer beside those of the other texts; send it alone"));
        }
        if (!delivery.hold(bytes)) {
            room.addAndGet(bytes);
            return Optional.of(Refusal.of(Rejection.UNREAD_ANSWERS));
        }
        return Optional.empty();
    }

    private void put(int index, ExtractBatchItem item) {
        items.set(index, item);
        if (missing.decrementAndGet() == 0) {
            complete.accept(collect());
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
