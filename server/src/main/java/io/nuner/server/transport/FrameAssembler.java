package io.nuner.server.transport;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Bytes from a socket, cut into the pieces of HTTP/2: the client's preface, then frames. One thread at a time.
 *
 * <p>Each piece is copied into a buffer of its own, so that what waits holds no more than its own bytes, and no network
 * memory. The buffers lie on the heap and come from a pool, so that many frames leave no garbage.
 */
final class FrameAssembler implements AutoCloseable {
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final byte[] begin = new byte[PREFACE.length];
    private int begun;
    private int beginBytes = PREFACE.length;
    private boolean prefaced;
    private @Nullable ByteBuf piece;
    private int pieceBytes;

    /**
     * Takes bytes until a piece is complete.
     *
     * @return the piece, which the caller releases; null if there are not enough bytes for it
     * @throws MalformedHttp2Exception if they cannot become one
     */
    @Nullable
    ByteBuf next(ByteBuf bytes, ByteBufAllocator pool) throws MalformedHttp2Exception {
        if (piece == null) {
            readBegin(bytes);
            if (begun < beginBytes) {
                return null;
            }
            piece = begunPiece(pool);
        }
        piece.writeBytes(bytes, Math.min(pieceBytes - piece.writerIndex(), bytes.readableBytes()));
        return piece.writerIndex() == pieceBytes ? finished(piece) : null;
    }

    private void readBegin(ByteBuf bytes) throws MalformedHttp2Exception {
        int count = Math.min(beginBytes - begun, bytes.readableBytes());
        bytes.readBytes(begin, begun, count);
        begun += count;
        if (!prefaced && !Arrays.equals(begin, 0, begun, PREFACE, 0, begun)) {
            throw new MalformedHttp2Exception(Frames.PROTOCOL_ERROR);
        }
    }

    private ByteBuf begunPiece(ByteBufAllocator pool) throws MalformedHttp2Exception {
        int payloadBytes = prefaced ? Frames.payloadBytes(begin) : 0;
        if (payloadBytes > Frames.MOST_PAYLOAD_BYTES) {
            throw new MalformedHttp2Exception(Frames.FRAME_SIZE_ERROR);
        }
        pieceBytes = beginBytes + payloadBytes;
        return pool.heapBuffer(pieceBytes, pieceBytes).writeBytes(begin, 0, beginBytes);
    }

    private ByteBuf finished(ByteBuf complete) {
        piece = null;
        prefaced = true;
        begun = 0;
        beginBytes = Frames.HEADER_BYTES;
        return complete;
    }

    /** Whether a piece is begun and not complete. */
    boolean isInside() {
        return begun > 0;
    }

    /** Gives back what is begun, after which no more may come. Idempotent. */
    @Override
    public void close() {
        if (piece != null) {
            piece.release();
            piece = null;
        }
    }
}
