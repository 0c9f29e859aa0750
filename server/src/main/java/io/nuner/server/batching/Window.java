package io.nuner.server.batching;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The texts that may go into the next batch, the most entitled first. Batcher thread only; made once and filled again for
 * every batch.
 */
final class Window {
    private final @Nullable PendingRequest[] requests;
    private final int sharedCapacity;
    private int size;
    private boolean shared;

    /**
     * An empty window.
     *
     * @param capacity texts of one tenant, of which those are chosen that go well together
     * @param sharedCapacity texts where several tenants compete: among more of them, the texts of the most entitled tenant
     *     would be passed over for others that go better together
     */
    Window(int capacity, int sharedCapacity) {
        requests = new PendingRequest[capacity];
        this.sharedCapacity = sharedCapacity;
    }

    int capacity() {
        return requests.length;
    }

    int size() {
        return size;
    }

    boolean isFull() {
        return size >= (shared ? sharedCapacity : requests.length);
    }

    PendingRequest get(int index) {
        PendingRequest request = index < size ? requests[index] : null;
        if (request == null) {
            throw new IndexOutOfBoundsException("place " + index + " of " + size);
        }
        return request;
    }

    /** True if several tenants compete, so that the most entitled text has to be served. */
    boolean isShared() {
        return shared;
    }

    void share(boolean byMany) {
        shared |= byMany;
    }

    void add(PendingRequest request) {
        requests[size++] = request;
    }

    /** When the one that waits longest became ready; call only if not empty. */
    long oldestReadyNanos() {
        long oldest = get(0).readyNanos();
        for (int i = 1; i < size; i++) {
            long ready = get(i).readyNanos();
            oldest = ready - oldest < 0 ? ready : oldest;
        }
        return oldest;
    }

    void clear() {
        Arrays.fill(requests, 0, size, null);
        size = 0;
        shared = false;
    }
}
