package io.nuner.server.transport;

import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.util.concurrent.Future;
import io.nuner.server.transport.TransportConfig.Silence;
import io.nuner.server.transport.frames.Frames;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Notices that nothing comes from a connection any more: asks with a ping, then has it cut. On its event loop.
 *
 * <p>In place of gRPC's keepalive, which does not close a socket while a call is open that cannot be answered. The wait for
 * the answer begins with the ping, so that a process that stood still itself asks before it cuts.
 */
@SuppressWarnings("FutureReturnValueIgnored") // nobody waits for what is written: if it fails, the connection is over
final class SilenceWatch extends ChannelInboundHandlerAdapter {
    /** What gRPC's own keepalive would send: gRPC takes the answer to any other ping for a mistake. */
    private static final byte[] PING = {0, 0, 0, 0, 0, 0, (byte) 0xde, (byte) 0xad};

    private final Silence bounds;
    private final Runnable cut;
    private long heardNanos = System.nanoTime();
    private @Nullable Future<?> waiting;

    /** Watches one connection; {@code cut} is called once if it is silent for too long. */
    SilenceWatch(Silence bounds, Runnable cut) {
        this.bounds = bounds;
        this.cut = cut;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        heardNanos = System.nanoTime();
        awaitSilence(ctx, bounds.untilPing().toNanos());
    }

    private void awaitSilence(ChannelHandlerContext ctx, long nanos) {
        waiting = ctx.executor().schedule(() -> listen(ctx), nanos, TimeUnit.NANOSECONDS);
    }

    private void listen(ChannelHandlerContext ctx) {
        long left = heardNanos + bounds.untilPing().toNanos() - System.nanoTime();
        if (left > 0) {
            awaitSilence(ctx, left);
            return;
        }
        ctx.writeAndFlush(Unpooled.wrappedBuffer(Frames.of(Frames.PING, 0, 0, PING)));
        long heardBefore = heardNanos;
        waiting = ctx.executor()
                .schedule(
                        () -> cutIfSilentSince(heardBefore, ctx),
                        bounds.untilCut().toNanos(),
                        TimeUnit.NANOSECONDS);
    }

    private void cutIfSilentSince(long heardBefore, ChannelHandlerContext ctx) {
        if (heardNanos == heardBefore) {
            cut.run();
        } else {
            listen(ctx);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        heardNanos = System.nanoTime();
        ctx.fireChannelRead(message);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (waiting != null) {
            waiting.cancel(false);
        }
        ctx.fireChannelInactive();
    }
}
