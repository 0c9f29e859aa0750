package io.nuner.server.answers;

import com.google.protobuf.Message;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.nuner.server.batching.Refusal;
import io.nuner.server.batching.Rejection;
import io.nuner.server.transport.StreamLine;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The answer of a call that has several messages. Any thread, except where said.
 *
 * <p>It takes a message only while it is ready: while gRPC has fewer than 32 KiB of the stream in its queues, and all that is
 * unsent takes less than {@link #MOST_UNSENT_BYTES} of memory. So no more than that and one message is ever unsent. Every
 * message counts in the budget of {@link UnsentAnswers} from {@link #send} until its last frame has been given to the socket,
 * or the stream has ended. A client that takes nothing of what is unsent for {@link StreamLimits#stall} ends its stream with
 * {@link Rejection#STREAM_IDLE}; its connection goes on.
 *
 * <p>One thread at a time sends. Handlers must be set before the service's method returns. They are called one at a time with regard to themselves, on
 * any thread, except where said, and without a lock of this object.
 */
public final class StreamAnswer<T extends Message> {
    /** Small messages take more memory than gRPC counts. */
    static final int MOST_UNSENT_BYTES = 128 * 1024;

    /** Before each message on the wire. */
    private static final int PREFIX_BYTES = 5;

    private static final long ROOM_AGAIN_MILLIS = 50;

    private final ServerCallStreamObserver<T> call;
    private final Delivery delivery;
    private final StreamBudget budget;
    private final LongSupplier wireBytes;
    private final StreamWork work;
    private final @Nullable StreamLine line;

    private volatile Runnable ready = () -> {};
    private volatile Runnable cancelled = () -> {};
    private volatile Runnable drain = () -> {};
    private volatile boolean isGoing;
    private volatile boolean wantsReady;
    private volatile long movedNanos;
    private int messages;
    private volatile boolean isOver;
    private volatile boolean waitsForRoom;
    private final StillWatch watch;

    /**
     * The answer of the current call.
     *
     * @param delivery of the call
     * @param wireBytes bytes of all messages that gRPC has taken, compressed and without their prefixes
     */
    public StreamAnswer(ServerCallStreamObserver<T> call, Delivery delivery, LongSupplier wireBytes, StreamWork work) {
        this.call = call;
        this.delivery = delivery;
        this.wireBytes = wireBytes;
        this.work = work;
        budget = delivery.stream();
        line = StreamLine.ofCurrentCall();
        watch = new StillWatch(work, work.limits().stall(), this::stillNanos, this::stalled);
        watch.begin();
        call.setOnReadyHandler(this::tellReady);
        call.setOnCancelHandler(this::ended);
        call.setOnCloseHandler(this::closed);
        if (line != null) {
            line.listen(new Leaving());
        }
    }

    /** Sets what is done when it may be ready again after {@link #send} has returned false. */
    public void onReady(Runnable handler) {
        ready = handler;
    }

    /** Sets what is done when the stream ends before {@link #end} or {@link #refuse}: cancelled, expired or stalled. */
    public void onCancel(Runnable handler) {
        cancelled = handler;
    }

    /**
     * Sets what is done when the stream should come to its end, because its connection is told to go: it is old, or the server
     * stops. May be done more than once, on an event loop, so it must not block.
     */
    public void onDrain(Runnable handler) {
        drain = handler;
        if (isGoing) {
            handler.run();
        }
    }

    /** True if its connection may have new work. */
    public boolean mayAsk() {
        return delivery.mayAsk();
    }

    /** True if a message can be sent, room in the budget permitting. */
    public boolean isReady() {
        return !isOver && call.isReady() && (line == null || budget.unsentBytes() < MOST_UNSENT_BYTES);
    }

    /** Takes room for a message that waits for its turn; false if there is none. */
    public boolean hold(int bytes) {
        return budget.hold(bytes);
    }

    /** Sends a message; false if it cannot be sent now, and then the handler of readiness is called later. */
    public boolean send(T message) {
        return send(message, 0, null);
    }

    /**
     * Sends a message that answers a text.
     *
     * @param held bytes that it holds by {@link #hold}; they go on being held if it is not sent
     * @param text told what becomes of the message once it is sent; null for none
     */
    public boolean send(T message, int held, Delivery.@Nullable Text text) {
        boolean sent = handOver(message, held, text);
        if (!sent && isReady() && !waitsForRoom) { // it became ready, or only room in the budget is missing
            waitsForRoom = true;
            ScheduledFuture<?> unused = work.timer()
                    .schedule(() -> work.threads().execute(this::roomAgain), ROOM_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
        }
        return sent;
    }

    private void roomAgain() {
        waitsForRoom = false;
        tellReady();
    }

    private synchronized boolean handOver(T message, int held, Delivery.@Nullable Text text) {
        if (!wantsReady && budget.unsentBytes() == 0) { // until now there was nothing to take
            movedNanos = work.nanoClock().getAsLong();
        }
        wantsReady = true; // before it is known, so that no moment is missed
        int bytes = message.getSerializedSize(); // protobuf keeps the size for when it writes the message
        if (!isReady() || !budget.hand(held, bytes)) {
            return false;
        }
        wantsReady = false;
        try {
            call.onNext(message);
        } catch (RuntimeException | Error e) { // gRPC has ended the call
            isOver = true;
            if (!call.isCancelled()) {
                work.onDefect().accept(e);
                delivery.endsFor(Rejection.DEFECT);
            }
        }
        messages++;
        long end = line == null ? 0 : wireBytes.getAsLong() + (long) PREFIX_BYTES * messages;
        budget.handed(bytes, end, text);
        return true;
    }

    /** Asks the client for more messages, if it sends several. */
    public synchronized void request(int count) {
        if (!isOver) {
            call.request(count);
        }
    }

    /** Ends the stream with OK. What was sent still leaves. */
    public synchronized void end() {
        if (!isOver) {
            isOver = true;
            call.onCompleted();
        }
    }

    /** Ends the stream with a refusal. What was sent still leaves. */
    public synchronized void refuse(Refusal refusal) {
        if (isOver) {
            return;
        }
        isOver = true;
        if (refusal.reason() != Rejection.CANCELLED) { // else gRPC has closed the call, and nobody listens
            call.onError(work.statuses().apply(refusal));
        }
    }

    /** Runs the handler if somebody waits for it. */
    private void tellReady() {
        if (wantsReady) {
            ready.run();
        }
    }

    private void ended() {
        closed();
        cancelled.run();
    }

    private void closed() {
        isOver = true;
        watch.stop();
    }

    /** How long the client has taken nothing of what there is for it. */
    private long stillNanos() {
        boolean isWaiting = wantsReady || budget.unsentBytes() > 0;
        return isWaiting ? work.nanoClock().getAsLong() - movedNanos : 0;
    }

    private synchronized void stalled() {
        isOver = true;
        delivery.endsFor(Rejection.STREAM_IDLE);
        StatusRuntimeException ending = work.statuses().apply(Refusal.of(Rejection.STREAM_IDLE));
        if (line == null) {
            call.onError(ending);
        } else {
            line.end(StreamLine.Ending.of(ending));
        }
    }

    /** What the connection tells. On its event loop. */
    private final class Leaving implements StreamLine.Listener {
        @Override
        public void sent(long bytes) {
            movedNanos = work.nanoClock().getAsLong();
            budget.sent(bytes);
            if (wantsReady && isReady()) {
                work.threads().execute(StreamAnswer.this::tellReady);
            }
        }

        @Override
        public void going() {
            isGoing = true;
            drain.run();
        }
    }
}
