package io.nuner.server.transport.frames;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Bytes from a socket, cut into the pieces of HTTP/2: the client's preface, then frames. One thread at a time.
 *
 * <p>A piece is copied into an array of its own on the heap, so that what waits holds no more than its own bytes, and no
 * network memory. Only data that nobody waits for is a part of what came: gRPC throws it away at once.
 */
public final class FrameAssembler {
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final IntPredicate isAwaited;
    private byte[] piece = new byte[PREFACE.length];
    private int filled;
    private Part part = Part.PREFACE;

    /** Frames of a connection; the predicate tells on which streams data is awaited. */
    public FrameAssembler(IntPredicate isAwaited) {
        this.isAwaited = isAwaited;
    }

    /**
     * Takes bytes until a piece is complete.
     *
     * @return the piece, which the caller releases; null if there are not enough bytes for it
     * @throws MalformedHttp2Exception if they cannot become one
     */
    public @Nullable ByteBuf next(ByteBuf bytes) throws MalformedHttp2Exception {
        fill(bytes);
        if (part == Part.FRAME_HEADER && filled == piece.length) {
            int frameBytes = frameBytes();
            int start = bytes.readerIndex() - Frames.HEADER_BYTES;
            if (start >= 0 && bytes.writerIndex() - start >= frameBytes && isThrownAway()) {
                filled = 0;
                return bytes.readerIndex(start).readRetainedSlice(frameBytes);
            }
            part = Part.FRAME;
            piece = Arrays.copyOf(piece, frameBytes);
            fill(bytes);
        }
        if (part == Part.PREFACE && !Arrays.equals(piece, 0, filled, PREFACE, 0, filled)) {
            throw new MalformedHttp2Exception(Frames.PROTOCOL_ERROR);
        }
        return filled == piece.length && part != Part.FRAME_HEADER ? finished() : null;
    }

    private void fill(ByteBuf bytes) {
        int count = Math.min(piece.length - filled, bytes.readableBytes());
        bytes.readBytes(piece, filled, count);
        filled += count;
    }

    private int frameBytes() throws MalformedHttp2Exception {
        int payloadBytes = Frames.payloadBytes(piece);
        if (payloadBytes > Frames.MOST_PAYLOAD_BYTES) {
            throw new MalformedHttp2Exception(Frames.FRAME_SIZE_ERROR);
        }
        return Frames.HEADER_BYTES + payloadBytes;
    }

    private boolean isThrownAway() {
        return piece[Frames.TYPE_AT] == Frames.DATA && !isAwaited.test(Frames.stream(piece));
    }

    private ByteBuf finished() {
        byte[] complete = piece;
        piece = new byte[Frames.HEADER_BYTES];
        filled = 0;
        part = Part.FRAME_HEADER;
        return Unpooled.wrappedBuffer(complete);
    }

    /** Whether a piece is begun and not complete. */
    public boolean isInside() {
        return filled > 0;
    }

    private enum Part {
        PREFACE,
        FRAME_HEADER,
        FRAME
    }
}
