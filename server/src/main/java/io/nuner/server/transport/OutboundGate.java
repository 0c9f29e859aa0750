package io.nuner.server.transport;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelOutboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.channel.ChannelPromise;
import io.nuner.server.transport.frames.Frames;

/**
 * What gRPC sends on a connection: tells the other gate which calls end, and keeps the reasons for closing to itself where
 * they may quote the server's memory or the caller. On the connection's event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // nobody waits for what is written: if it fails, the connection is over
final class OutboundGate extends ChannelOutboundHandlerAdapter {
    /** A GOAWAY without its text. */
    private static final int GOAWAY_BYTES = 8;

    private static final int ERROR_BYTES = 4;

    private final InboundGate inbound;
    private final byte[] header = new byte[Frames.HEADER_BYTES];
    private int filled;
    private int payloadLeft;
    private int textLeft;

    OutboundGate(InboundGate inbound) {
        this.inbound = inbound;
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        ByteBuf bytes = (ByteBuf) message;
        if (textLeft > 0 && bytes.isReadable()) {
            textLeft -= bytes.readableBytes();
            bytes.release();
            promise.setSuccess();
            return;
        }
        scan(bytes);
        ctx.write(message, promise);
    }

    /** Follows the frames, however they are spread over writes. */
    private void scan(ByteBuf bytes) {
        int at = bytes.readerIndex();
        int end = bytes.writerIndex();
        while (at < end) {
            int skipped = Math.min(payloadLeft, end - at);
            payloadLeft -= skipped;
            at += skipped;
            int more = payloadLeft > 0 ? 0 : Math.min(header.length - filled, end - at);
            bytes.getBytes(at, header, filled, more);
            filled += more;
            at += more;
            if (filled == header.length) {
                filled = 0;
                payloadLeft = Frames.payloadBytes(header);
                frame(bytes, at);
            }
        }
    }

    private void frame(ByteBuf bytes, int payloadAt) {
        int type = header[3];
        int stream = Frames.stream(header);
        boolean hasBody = type == Frames.DATA || type == Frames.HEADERS;
        if (hasBody && (header[4] & Frames.END_STREAM) != 0) {
            inbound.answered(stream);
        } else if (hasBody) {
            inbound.answering(stream, type == Frames.DATA ? payloadLeft : 0);
        } else if (type == Frames.RST_STREAM) {
            int error = errorAt(bytes, payloadAt);
            inbound.resetting(stream, error != Frames.NO_ERROR && error != Frames.CANCEL);
        } else if (type == Frames.GOAWAY) {
            inbound.going();
            withoutText(bytes, payloadAt);
        }
    }

    /** Its text comes in a write of its own. What NO_ERROR and ENHANCE_YOUR_CALM say is fixed, and clients know it. */
    private void withoutText(ByteBuf bytes, int payloadAt) {
        int error = errorAt(bytes, payloadAt + ERROR_BYTES);
        boolean inOneWrite = bytes.writerIndex() == payloadAt + GOAWAY_BYTES;
        if (payloadLeft > GOAWAY_BYTES && inOneWrite && error != Frames.NO_ERROR && error != Frames.ENHANCE_YOUR_CALM) {
            textLeft = payloadLeft - GOAWAY_BYTES;
            payloadLeft = GOAWAY_BYTES;
            bytes.setMedium(payloadAt - Frames.HEADER_BYTES, GOAWAY_BYTES);
        }
    }

    private static int errorAt(ByteBuf bytes, int at) {
        return bytes.writerIndex() >= at + ERROR_BYTES ? bytes.getInt(at) : Frames.NO_ERROR;
    }
}
