package io.nuner.server.transport.frames;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.buffer.ByteBufAllocator;
import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Exception;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Headers;

/**
 * Gathers header blocks from their frames, decodes them, and frames them anew. One thread at a time.
 *
 * <p>Every block is written anew: gRPC then decodes it without the table of those before it, some of which it never sees.
 */
public final class HeaderBlocks implements AutoCloseable {
    /** Beyond this the connection is closed; gRPC's own limit is far lower. */
    private static final int MOST_BYTES = 256 * 1024;

    private static final int MOST_FRAMES = 32;
    private static final int PRIORITY_BYTES = 5;

    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false, MOST_BYTES);
    private final DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder((name, value) -> true);
    private ByteBuf block = Unpooled.EMPTY_BUFFER;
    private int frames;
    private int stream;
    private boolean endOfStream;

    /** Whether a block is begun and not complete: then nothing but its CONTINUATION may come. */
    public boolean isOpen() {
        return frames > 0;
    }

    /** Takes a HEADERS or CONTINUATION frame. */
    public void add(Frame frame, ByteBufAllocator pool) throws MalformedHttp2Exception {
        boolean first = frame.type() == Frames.HEADERS;
        if (first == isOpen() || (!first && frame.stream() != stream)) {
            throw new MalformedHttp2Exception(Frames.PROTOCOL_ERROR);
        }
        if (first) {
            stream = frame.stream();
            endOfStream = frame.has(Frames.END_STREAM);
            block = pool.heapBuffer(frame.length());
        }
        int skipped = first && frame.has(Frames.PRIORITY) ? PRIORITY_BYTES : 0;
        if (frame.contentBytes() < skipped) {
            throw new MalformedHttp2Exception(Frames.FRAME_SIZE_ERROR);
        }
        block.writeBytes(frame.bytes(), frame.contentStart() + skipped, frame.contentBytes() - skipped);
        frames++;
        if (block.readableBytes() > MOST_BYTES || frames > MOST_FRAMES) {
            throw new MalformedHttp2Exception(Frames.ENHANCE_YOUR_CALM);
        }
    }

    /** The stream of the block. */
    public int stream() {
        return stream;
    }

    /** Whether nothing follows the block on its stream. */
    public boolean endsStream() {
        return endOfStream;
    }

    /** Decodes the block, which is complete; another one may begin. */
    public Http2Headers decode() throws MalformedHttp2Exception {
        frames = 0;
        try {
            return decoder.decodeHeaders(stream, block);
        } catch (Http2Exception.StreamException e) {
            throw new MalformedHttp2Exception(Frames.ENHANCE_YOUR_CALM); // it unfolds to more than the limit
        } catch (Http2Exception e) {
            throw new MalformedHttp2Exception(Frames.COMPRESSION_ERROR);
        } finally {
            dropBlock();
        }
    }

    /** The block that was decoded last with these headers, in frames that do not depend on those before. */
    public ByteBuf framed(Http2Headers headers, ByteBufAllocator pool) {
        ByteBuf encoded = pool.heapBuffer();
        try {
            encoded.writeZero(Frames.HEADER_BYTES);
            encoder.encodeHeaders(stream, headers, encoded);
            int payloadBytes = encoded.readableBytes() - Frames.HEADER_BYTES;
            if (payloadBytes > Frames.MOST_PAYLOAD_BYTES) {
                return split(encoded.skipBytes(Frames.HEADER_BYTES), pool);
            }
            writeHeader(encoded.duplicate().clear(), payloadBytes, true, true);
            return encoded.retain();
        } catch (Http2Exception e) {
            throw new IllegalStateException(e); // it has no limits
        } finally {
            encoded.release();
        }
    }

    private ByteBuf split(ByteBuf encoded, ByteBufAllocator pool) {
        ByteBuf all = pool.heapBuffer(encoded.readableBytes() + MOST_FRAMES * Frames.HEADER_BYTES);
        while (encoded.isReadable()) {
            int payloadBytes = Math.min(Frames.MOST_PAYLOAD_BYTES, encoded.readableBytes());
            writeHeader(all, payloadBytes, !all.isReadable(), payloadBytes == encoded.readableBytes());
            all.writeBytes(encoded, payloadBytes);
        }
        return all;
    }

    private void writeHeader(ByteBuf frame, int payloadBytes, boolean first, boolean last) {
        int flags = (last ? Frames.END_HEADERS : 0) | (first && endOfStream ? Frames.END_STREAM : 0);
        frame.writeMedium(payloadBytes)
                .writeByte(first ? Frames.HEADERS : Frames.CONTINUATION)
                .writeByte(flags)
                .writeInt(stream);
    }

    private void dropBlock() {
        block.release();
        block = Unpooled.EMPTY_BUFFER;
    }

    /** Gives back what is begun, after which no more may come. Idempotent. */
    @Override
    public void close() {
        dropBlock();
    }
}
