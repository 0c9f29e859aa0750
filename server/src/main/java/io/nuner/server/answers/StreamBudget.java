package io.nuner.server.answers;

import io.nuner.server.batching.Rejection;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The messages of one stream on their way out: their part of the budget, and whether each has left. Any thread.
 *
 * <p>A message has left when its last frame has been given to the socket, or the whole call has ended with OK. Until then it
 * is unsent: in the queue of gRPC or HTTP/2. As elsewhere, what the kernel and the socket's own buffer hold counts as left; the
 * latter is 64 KiB for a connection.
 */
final class StreamBudget implements Delivery.Text {
    /** gRPC's smallest buffer: a message takes no less memory than this. */
    static final int LEAST_BYTES = 4096;

    /** Bytes of a message besides its buffer. */
    static final int BESIDES = 256;

    private final UnsentAnswers budget;
    private final UnsentAnswers.@Nullable Account account;
    private final Consumer<? super Throwable> onDefect;
    private final Deque<Message> unsent = new ArrayDeque<>();
    private long heldBytes;
    private long unsentBytes;
    private long sentBytes;
    private boolean isOver;
    private @Nullable Rejection fate;

    /**
     * An empty stream.
     *
     * @param account of its connection; without one no bytes are counted
     * @param onDefect told of exceptions that a text throws; must not throw
     */
    StreamBudget(UnsentAnswers budget, UnsentAnswers.@Nullable Account account, Consumer<? super Throwable> onDefect) {
        this.budget = budget;
        this.account = account;
        this.onDefect = onDefect;
    }

    /** Bytes that are unsent. */
    synchronized long unsentBytes() {
        return unsentBytes;
    }

    /** Takes room for a message that waits for its turn; false if there is none. */
    synchronized boolean hold(int bytes) {
        if (account == null || isOver) {
            return true;
        }
        boolean room = budget.hold(account, bytes);
        heldBytes += room ? bytes : 0;
        return room;
    }

    /**
     * Takes room for a message that is handed to gRPC; false if there is none. If true, {@link #handed} must follow.
     *
     * @param held bytes that it held while it waited
     */
    synchronized boolean hand(int held, int bytes) {
        long counted = counted(bytes);
        if (account != null && !isOver) {
            if (!budget.queue(account, held, counted)) {
                return false;
            }
            heldBytes -= held;
            unsentBytes += counted;
        }
        return true;
    }

    private static long counted(int bytes) {
        return Math.max(LEAST_BYTES, bytes) + (long) BESIDES;
    }

    /**
     * gRPC has taken the message.
     *
     * @param end bytes on the wire of all messages so far
     */
    void handed(int bytes, long end, Delivery.@Nullable Text text) {
        List<Message> left;
        synchronized (this) {
            unsent.addLast(new Message(counted(bytes), end, text));
            left = left();
        }
        tell(left);
    }

    /**
     * Frames have left.
     *
     * @param bytes on the wire so far
     */
    void sent(long bytes) {
        List<Message> left;
        synchronized (this) {
            sentBytes = bytes;
            left = left();
        }
        tell(left);
    }

    private List<Message> left() {
        List<Message> left = new ArrayList<>();
        while (!unsent.isEmpty() && (isOver || unsent.getFirst().end <= sentBytes)) {
            left.add(unsent.removeFirst());
        }
        if (account != null && !isOver && !left.isEmpty()) {
            long bytes = left.stream().mapToLong(Message::counted).sum();
            unsentBytes -= bytes;
            budget.unqueue(account, 0, bytes, true);
        }
        return left;
    }

    private void tell(List<Message> left) {
        @Nullable Rejection reason;
        synchronized (this) {
            reason = isOver ? fate : null;
        }
        for (Message message : left) {
            if (message.text != null) {
                Delivery.tell(message.text, reason, onDefect);
            }
        }
    }

    @Override
    public void delivered() {
        over(null);
    }

    @Override
    public void lost(Rejection reason) {
        over(reason);
    }

    /** The call has ended. */
    private void over(@Nullable Rejection reason) {
        List<Message> rest;
        synchronized (this) {
            if (account != null) {
                budget.unqueue(account, heldBytes, unsentBytes, reason == null);
            }
            heldBytes = 0;
            unsentBytes = 0;
            isOver = true;
            fate = reason;
            rest = left();
        }
        tell(rest);
    }

    /**
     * A message that is unsent.
     *
     * @param counted bytes in the budget
     * @param end bytes on the wire up to its end
     * @param text that it answers; null for none
     */
    private record Message(long counted, long end, Delivery.@Nullable Text text) {}
}
