package io.nuner.server.transport;

import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelOutboundBuffer;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Ends a connection of a server that stops, once all is answered that was asked in full. On the connection's event loop. */
@SuppressWarnings("FutureReturnValueIgnored") // nobody waits for it
final class EndOfDrain implements Runnable {
    /** A message that is on its way when the server stops has this long, and so has the answer to the ping that tells so. */
    private static final int GRACE_MILLIS = 2000;

    private static final int CHECK_MILLIS = 100;

    private final ChannelHandlerContext context;
    private final LiveCalls calls;
    private final Consumer<UnreadCall> refusal;

    /**
     * The end of one connection.
     *
     * @param refusal refuses a call, which then is none of {@code calls} any more
     */
    EndOfDrain(ChannelHandlerContext context, LiveCalls calls, Consumer<UnreadCall> refusal) {
        this.context = context;
        this.calls = calls;
        this.refusal = refusal;
    }

    /** Lets it begin after the grace. Any thread. */
    void schedule() {
        context.executor().schedule(this, GRACE_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Refuses what is not complete; closes, or looks again. */
    @Override
    public void run() {
        for (UnreadCall asking : calls.incomplete()) {
            if (asking.messages() == null) { // the service itself ends streams
                refusal.accept(asking);
            }
        }
        @Nullable ChannelOutboundBuffer unsent = context.channel().unsafe().outboundBuffer();
        if (calls.isEmpty() && (unsent == null || unsent.isEmpty())) {
            context.close(); // lets the kernel send what it has
        } else if (context.channel().isOpen()) {
            context.executor().schedule(this, CHECK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }
}
