package io.nuner.server.answers;

import io.grpc.Status;
import io.nuner.server.batching.Rejection;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The answer of one call on its way out: what it takes of the budget, and whether it arrived. Any thread.
 *
 * <p>An answer has been delivered when the last frame of its call has been written to a socket that is still open. Until then
 * nobody may say that a text was answered.
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
     * Nothing is on its way yet.
     *
     * @param onDefect told of what a text throws; must not throw
     */
    public Delivery(UnsentAnswers budget, Consumer<? super Throwable> onDefect) {
        this.budget = budget;
        this.onDefect = onDefect;
    }

    /** Says by which connection the call came; without one nothing is counted. */
    public synchronized void comesBy(UnsentAnswers.@Nullable Account connection) {
        account = connection;
    }

    /** Whether its connection may ask for more. */
    public synchronized boolean mayAsk() {
        return account == null || budget.mayAsk(account);
    }

    /** Takes room for a part that waits for others; false if there is none. */
    public synchronized boolean hold(int bytes) {
        if (account == null || isClosed) {
            return true;
        }
        boolean room = budget.hold(account, bytes);
        held += room ? bytes : 0;
        return room;
    }

    /**
     * Takes room for the whole message, parts that waited included; {@link #handed} or {@link #failed} must follow if there is
     * some. False if there is none: all texts then have unread answers.
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

    /** gRPC could not take it, and has ended the call. */
    public void failed() {
        synchronized (this) {
            failure = Rejection.DEFECT;
        }
        handed();
    }

    /** Tells a text, once, whether the answer to come was delivered. */
    public void expect(Text text) {
        List<Text> done;
        synchronized (this) {
            texts.add(text);
            done = settled();
        }
        tell(done);
    }

    /** The call is over, its stream and all its frames are gone. Counts once. */
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

    /** Why nobody has the answer; null if it was delivered. */
    private @Nullable Rejection ending(Status status) {
        return switch (status.getCode()) {
            case OK -> account == null || account.isOpen() ? null : Rejection.UNDELIVERED;
            case CANCELLED -> Rejection.CANCELLED;
            case DEADLINE_EXCEEDED -> Rejection.EXPIRED;
            default -> Rejection.UNDELIVERED;
        };
    }

    /** The texts that can be told now. */
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
            tell(text, reason);
        }
    }

    /** Nobody else must pay for what a text throws: neither the other texts nor the transport's thread. */
    private void tell(Text text, @Nullable Rejection reason) {
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

    /** A text that has an answer. Exactly one method is called, once, on any thread; must not block. */
    public interface Text {
        /** Its answer has left. */
        void delivered();

        /** Its answer has not, and never will. */
        void lost(Rejection reason);
    }
}
