package io.nuner.server.answers;

import io.grpc.Status;
import io.nuner.server.batching.Rejection;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The answer of one call on its way out: its part of the budget, and whether it was delivered. Any thread.
 *
 * <p>An answer is delivered when the last frame of its call has been written to a socket that is still open. Only then do its
 * texts count as answered.
 */
public final class Delivery {
    private final UnsentAnswers budget;
    private final Consumer<? super Throwable> onDefect;
    private final List<Text> texts = new ArrayList<>();
    private UnsentAnswers.@Nullable Account account;
    private long held;
    private long unsent;
    private boolean isHanding;
    private boolean isClosed;
    private @Nullable Rejection failure;
    private @Nullable Rejection ending;

    /**
     * The delivery of a new call.
     *
     * @param onDefect told of exceptions that a text throws; must not throw
     */
    public Delivery(UnsentAnswers budget, Consumer<? super Throwable> onDefect) {
        this.budget = budget;
        this.onDefect = onDefect;
    }

    /** Sets the connection of the call; without one no bytes are counted. */
    public synchronized void comesBy(UnsentAnswers.@Nullable Account connection) {
        account = connection;
    }

    /** True if its connection may have new work. */
    public synchronized boolean mayAsk() {
        return account == null || budget.mayAsk(account);
    }

    /** Takes room for a part that waits for other parts; false if there is none. */
    public synchronized boolean hold(int bytes) {
        if (account == null || isClosed) {
            return true;
        }
        boolean room = budget.hold(account, bytes);
        held += room ? bytes : 0;
        return room;
    }

    /**
     * Takes room for the whole message, including parts that waited. If true, {@link #handed} or {@link #failed} must follow.
     * If false, there is no room, and all texts are lost for {@link Rejection#UNREAD_ANSWERS}.
     */
    public synchronized boolean hand(int bytes) {
        if (account != null && !isClosed) {
            boolean room = budget.send(account, this, held, bytes);
            held = 0;
            if (!room) {
                failure = Rejection.UNREAD_ANSWERS;
                return false;
            }
            unsent = bytes;
        }
        isHanding = true;
        return true;
    }

    /** gRPC has taken the message. */
    public void handed() {
        List<Text> done;
        synchronized (this) {
            isHanding = false;
            done = settled();
        }
        tell(done);
    }

    /** gRPC could not take the message and has ended the call. */
    public void failed() {
        synchronized (this) {
            failure = Rejection.DEFECT;
        }
        handed();
    }

    /** The messages of this call, if it is a stream. Called once. */
    StreamBudget stream() {
        StreamBudget stream;
        synchronized (this) {
            stream = new StreamBudget(budget, account, onDefect);
        }
        expect(stream);
        return stream;
    }

    /** The call is ended for this reason, whatever gRPC will say. */
    synchronized void endsFor(Rejection reason) {
        failure = reason;
    }

    /** Adds a text of the answer, which is told once what becomes of it. */
    public void expect(Text text) {
        List<Text> done;
        synchronized (this) {
            texts.add(text);
            done = settled();
        }
        tell(done);
    }

    /** The call has ended, and no frame of it is left. Only the first time counts. */
    public void closed(Status status) {
        List<Text> done;
        synchronized (this) {
            if (isClosed) {
                return;
            }
            isClosed = true;
            ending = ending(status);
            if (account != null) {
                budget.release(account, this, held, unsent, ending == null);
            }
            held = 0;
            unsent = 0;
            done = settled();
        }
        tell(done);
    }

    /** Why the answer is lost; null if it was delivered. */
    private @Nullable Rejection ending(Status status) {
        return switch (status.getCode()) {
            case OK -> account == null || account.isOpen() ? null : Rejection.UNDELIVERED;
            case CANCELLED -> Rejection.CANCELLED;
            case DEADLINE_EXCEEDED -> Rejection.EXPIRED;
            default -> Rejection.UNDELIVERED;
        };
    }

    /** The texts to tell now: all once the call has ended, none before. */
    private List<Text> settled() {
        if (!isClosed || isHanding) {
            return List.of();
        }
        List<Text> done = List.copyOf(texts);
        texts.clear();
        return done;
    }

    private void tell(List<Text> done) {
        if (done.isEmpty()) {
            return;
        }
        @Nullable Rejection reason;
        synchronized (this) {
            reason = failure == null ? ending : failure;
        }
        for (Text text : done) {
            tell(text, reason, onDefect);
        }
    }

    /** An exception of one text must reach neither the other texts nor the transport's thread. */
    static void tell(Text text, @Nullable Rejection reason, Consumer<? super Throwable> onDefect) {
        try {
            if (reason == null) {
                text.delivered();
            } else {
                text.lost(reason);
            }
        } catch (RuntimeException | Error e) {
            onDefect.accept(e);
        }
    }

    /** A text of an answer. Exactly one method is called, once, on any thread; must not block. */
    public interface Text {
        /** The answer has left. */
        void delivered();

        /** The answer will never leave. */
        void lost(Rejection reason);
    }
}
