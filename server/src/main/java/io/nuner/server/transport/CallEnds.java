package io.nuner.server.transport;

import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.nuner.server.transport.StreamLine.Ending;
import io.nuner.server.transport.TransportObserver.Early;
import io.nuner.server.transport.frames.Frames;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Ends calls past gRPC: for the client with a status, for gRPC as if the client had reset them. On the event loop.
 *
 * <p>Trailers are not bound by flow control, so they reach a client that reads none of what was sent before.
 */
@SuppressWarnings("FutureReturnValueIgnored") // nobody waits for what is written: if it fails, the connection is over
final class CallEnds {
    private final Supplier<ChannelHandlerContext> context;
    private final LiveCalls calls;
    private final Budget budget;
    private final int maxMessageBytes;
    private final TransportObserver observer;
    private final Function<EarlyRefusal, Ending> endings;

    /**
     * Ends calls of one connection.
     *
     * @param context of the handler before gRPC's
     * @param endings tells how a call ends that is refused
     */
    CallEnds(
            Supplier<ChannelHandlerContext> context,
            LiveCalls calls,
            Budget budget,
            int maxMessageBytes,
            TransportObserver observer,
            Function<EarlyRefusal, Ending> endings) {
        this.context = context;
        this.calls = calls;
        this.budget = budget;
        this.maxMessageBytes = maxMessageBytes;
        this.observer = observer;
        this.endings = endings;
    }

    /** Refuses a call, unless it has ended. */
    void refuse(UnreadCall call, EarlyRefusal refusal) {
        if (calls.get(call.stream()) == call) {
            observer.refused(refusal.reason());
            refusal.doing(() -> end(call, endings.apply(refusal)));
        }
    }

    /** Refuses a call that has announced a message which is too large; true if it has. */
    boolean refuseTooLarge(UnreadCall call) {
        long bytes = call.longestMessageBytes();
        if (bytes > maxMessageBytes) {
            refuse(call, EarlyRefusal.tooLarge(Early.MESSAGE_SIZE, "the message", bytes, maxMessageBytes));
        }
        return bytes > maxMessageBytes;
    }

    /** Refuses a call with which its connection holds too much that is not read yet. */
    void refuseUnread(UnreadCall call) {
        String held = "calls of this connection that are not read yet may hold "
                + budget.limits().connectionBytes() + " bytes, but hold " + calls.heldBytes();
        refuse(call, new EarlyRefusal(Early.UNREAD_OF_CONNECTION, held));
    }

    /** Refuses a call whose message does not come in time. */
    void refuseSlow(UnreadCall call, long mostNanos) {
        String late = "the message was not complete in " + TimeUnit.NANOSECONDS.toMillis(mostNanos) + " ms";
        refuse(call, new EarlyRefusal(Early.MESSAGE_TIME, late));
    }

    /** Refuses a call whose message has not come before the server stops. */
    void refuseStopping(UnreadCall call) {
        String late = "the server is stopping, and the message was not complete";
        refuse(call, new EarlyRefusal(Early.STOPPING, late));
    }

    /** Refuses calls that are not read yet until the budget is kept, the newest first. */
    void giveBack() {
        for (UnreadCall call : calls.newestFirst()) {
            if (budget.isExceeded() && call.heldBytes() > 0) {
                String held = "the server holds too much that it has not read yet; try again later";
                refuse(call, new EarlyRefusal(Early.UNREAD_OF_ALL, held));
            }
        }
    }

    /** Ends a call, unless it has ended. */
    void end(UnreadCall call, Ending ending) {
        if (calls.get(call.stream()) != call) {
            return;
        }
        calls.end(call.stream());
        if (!call.isAnswered()) {
            byte[] frame = call.isAnswering()
                    ? Frames.trailers(call.stream(), ending.grpcStatus(), ending.message(), ending.details())
                    : Frames.refusal(call.stream(), ending.grpcStatus(), ending.message(), ending.details());
            write(frame);
        }
        if (!call.isComplete()) {
            calls.cutShort(call.stream());
            write(Frames.reset(call.stream(), Frames.NO_ERROR));
        }
        context.get().flush();
        context.get().fireChannelRead(Unpooled.wrappedBuffer(Frames.reset(call.stream(), Frames.CANCEL)));
    }

    private void write(byte[] frame) {
        context.get().write(Unpooled.wrappedBuffer(frame));
    }
}
