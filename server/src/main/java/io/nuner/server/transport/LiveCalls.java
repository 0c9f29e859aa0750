package io.nuner.server.transport;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The calls of a connection that have not ended, and what they hold. On its event loop, except {@link #read} and
 * {@link #heldBytes}: any thread.
 */
final class LiveCalls {
    private static final int REMEMBERED = 256;

    private final Peer peer;
    private final Budget budget;
    private final Map<Integer, UnreadCall> calls = new ConcurrentHashMap<>();
    private final Deque<UnreadCall> incomplete =
            new ArrayDeque<>(); // the oldest first; those that went on stay a while
    private final AtomicLong heldBytes = new AtomicLong();
    private final Deque<Integer> cutShort = new ArrayDeque<>(); // the last streams that the client may still send on

    LiveCalls(Peer peer, Budget budget) {
        this.peer = peer;
        this.budget = budget;
    }

    /** A call begins. */
    void begin(UnreadCall call, boolean mustComplete) {
        calls.put(call.stream(), call);
        if (mustComplete) {
            incomplete.addLast(call);
        }
    }

    /** The call on that stream; null if it has ended. */
    @Nullable
    UnreadCall get(int stream) {
        return calls.get(stream);
    }

    /** The client is told to send no more of a call that has ended; what is on its way still comes. */
    void cutShort(int stream) {
        cutShort.addLast(stream);
        if (cutShort.size() > REMEMBERED) {
            cutShort.removeFirst();
        }
    }

    /** Whether the client was told so lately. */
    boolean isCutShort(int stream) {
        return cutShort.contains(stream);
    }

    /** Who makes them. */
    Peer peer() {
        return peer;
    }

    /** Whether all have ended. */
    boolean isEmpty() {
        return calls.isEmpty();
    }

    /** All of them, the newest first. */
    List<UnreadCall> newestFirst() {
        Collection<UnreadCall> all = calls.values();
        return all.stream()
                .sorted(Comparator.comparingInt(UnreadCall::stream).reversed())
                .toList();
    }

    /** The oldest one that waits for its last frame; null if none does. */
    @Nullable
    UnreadCall oldestIncomplete() {
        @Nullable UnreadCall oldest = incomplete.peekFirst();
        while (oldest != null && (oldest.isComplete() || calls.get(oldest.stream()) != oldest)) {
            incomplete.removeFirst();
            oldest = incomplete.peekFirst();
        }
        return oldest;
    }

    /** A call holds more; false if the connection's calls then hold too much. */
    boolean hold(UnreadCall call, long bytes) {
        if (call.hold(bytes)) {
            count(bytes);
        }
        return heldBytes.get() <= budget.limits().connectionBytes();
    }

    /** The service has the call's message: from now on the call is its own affair. */
    void read(int stream) {
        @Nullable UnreadCall call = calls.get(stream);
        if (call != null) {
            count(-call.letGo());
        }
    }

    /** A call has ended; null if it had before. */
    @Nullable
    UnreadCall end(int stream) {
        @Nullable UnreadCall call = calls.remove(stream);
        if (call != null) {
            count(-call.letGo());
        }
        return call;
    }

    /** All have ended. */
    void endAll() {
        List.copyOf(calls.keySet()).forEach(this::end);
    }

    /** What they hold now. */
    long heldBytes() {
        return heldBytes.get();
    }

    private void count(long bytes) {
        heldBytes.addAndGet(bytes);
        peer.hold(bytes);
        budget.hold(bytes);
    }
}
