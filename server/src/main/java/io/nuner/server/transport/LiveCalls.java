package io.nuner.server.transport;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The calls of a connection that have not ended, and what they hold. On its event loop, except where said and
 * {@link #heldBytes}: any thread.
 */
final class LiveCalls {
    private static final int REMEMBERED = 256;

    private final Peer peer;
    private final Budget budget;
    private final Map<Integer, UnreadCall> calls = new ConcurrentHashMap<>();
    private final Set<UnreadCall> incomplete = new LinkedHashSet<>(); // the first to begin is the first here
    private final AtomicLong heldBytes = new AtomicLong();
    private volatile boolean going;
    private final Deque<Integer> cutShort = new ArrayDeque<>(); // the last streams that the client may still send on

    LiveCalls(Peer peer, Budget budget) {
        this.peer = peer;
        this.budget = budget;
    }

    /** A call begins. */
    void begin(UnreadCall call) {
        calls.put(call.stream(), call);
        follow(call);
    }

    /** A frame of it has come. */
    void follow(UnreadCall call) {
        if (!call.isIncomplete()) {
            incomplete.remove(call);
        } else {
            incomplete.add(call);
        }
    }

    /** The connection is told to go. */
    void going() {
        going = true;
        calls.values().forEach(UnreadCall::going);
    }

    /** Whether it was told so. Any thread. */
    boolean isGoing() {
        return going;
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

    /** Those that have begun a message which is not complete, the first to begin first. */
    List<UnreadCall> incomplete() {
        return List.copyOf(incomplete);
    }

    /** Whether there are any. */
    boolean isAnyIncomplete() {
        return !incomplete.isEmpty();
    }

    /** A call holds more; false if the connection's calls then hold too much. */
    boolean hold(UnreadCall call, long bytes) {
        if (call.hold(bytes)) {
            count(bytes);
        }
        @Nullable InboundMessages messages = call.messages();
        if (messages != null) {
            giveBack(call, messages.held(bytes));
        }
        return heldBytes.get() <= budget.limits().connectionBytes();
    }

    /** The service has all that the call brings: from now on the call is its own affair. Any thread. */
    void read(int stream) {
        @Nullable UnreadCall call = calls.get(stream);
        if (call != null) {
            count(-call.letGo());
        }
    }

    /** The service asks for messages of a stream, and so is done with those it has. Any thread. */
    void asked(UnreadCall call, int count, long nowNanos) {
        @Nullable InboundMessages messages = call.messages();
        if (messages != null) {
            giveBack(call, messages.asked(count, nowNanos));
        }
    }

    private void giveBack(UnreadCall call, long bytes) {
        if (bytes > 0 && call.hold(-bytes)) {
            count(-bytes);
        }
    }

    /** A call has ended; null if it had before. */
    @Nullable
    UnreadCall end(int stream) {
        @Nullable UnreadCall call = calls.remove(stream);
        if (call != null) {
            incomplete.remove(call);
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
