package io.nuner.server.rpc;

import io.nuner.v1.ExtractBatchItem;
import io.nuner.v1.ExtractBatchResponse;
import io.nuner.v1.ExtractResponse;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;

/**
 * Collects the items of one batch call, in request order. Any thread.
 *
 * <p>Each item has a place of its own; whoever brings the count of missing items to zero sends the response, and reads
 * all places after all of them were written.
 */
final class BatchAnswer {
    private final AtomicReferenceArray<ExtractBatchItem> items;
    private final AtomicInteger missing;
    private final Consumer<ExtractBatchResponse> complete;

    /** Waits for at least one item. */
    BatchAnswer(int size, Consumer<ExtractBatchResponse> complete) {
        this.items = new AtomicReferenceArray<>(size);
        this.missing = new AtomicInteger(size);
        this.complete = complete;
    }

    /** The place of one item. */
    Answer item(int index) {
        return new Answer() {
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
