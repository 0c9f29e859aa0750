package io.nuner.server.transport;

import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.nuner.server.transport.RequestHeaders.Fault;
import io.nuner.server.transport.StreamLine.Ending;
import io.nuner.server.transport.TransportObserver.Early;
import io.nuner.server.transport.frames.Frames;
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
    private final TransportObserver observer;

    /**
     * Ends calls of one connection.
     *
     * @param context of the handler before gRPC's
     */
    CallEnds(Supplier<ChannelHandlerContext> context, LiveCalls calls, Budget budget, TransportObserver observer) {
        this.context = context;
        this.calls = calls;
        this.budget = budget;
        this.observer = observer;
    }

    void refuse(UnreadCall call, Fault fault) {
        observer.refused(fault.counted);
        end(call, new Ending(Frames.INVALID_ARGUMENT, fault.message, ""));
    }

    void refuse(UnreadCall call, Early reason, String message) {
        observer.refused(reason);
        end(call, new Ending(grpcStatus(reason), message, ""));
    }

    private static int grpcStatus(Early reason) {
        return switch (reason) {
            case MESSAGE_TIME -> Frames.DEADLINE_EXCEEDED;
            case STOPPING -> Frames.UNAVAILABLE;
            default -> Frames.RESOURCE_EXHAUSTED;
        };
    }

    /** Refuses calls that are not read yet until the budget is kept, the newest first. */
    void giveBack() {
        for (UnreadCall call : calls.newestFirst()) {
            if (budget.isExceeded() && call.heldBytes() > 0) {
                String held = "the server holds too much that it has not read yet; try again later";
                refuse(call, Early.UNREAD_OF_ALL, held);
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
