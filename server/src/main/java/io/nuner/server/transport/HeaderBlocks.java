package io.nuner.server.transport;

import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Exception;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Gathers header blocks from their frames, decodes them, and frames them anew. One thread at a time. */
final class HeaderBlocks {
    /** Beyond this the connection is closed; gRPC's own limit is far lower. */
    private static final int MOST_BYTES = 256 * 1024;

    private static final int MOST_FRAMES = 32;
    private static final int PRIORITY_BYTES = 5;

    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false, MOST_BYTES);
    private final ByteArrayOutputStream block = new ByteArrayOutputStream();
    private int frames;
    private int stream;
    private boolean endOfStream;

    /** Whether a block is begun and not complete: then nothing but its CONTINUATION may come. */
    boolean isOpen() {
        return frames > 0;
    }

    /** Takes a HEADERS or CONTINUATION frame. */
    void add(Frame frame) throws MalformedHttp2Exception {
        boolean first = frame.type() == Frames.HEADERS;
        if (first == isOpen() || (!first && frame.stream() != stream)) {
            throw new MalformedHttp2Exception(Frames.PROTOCOL_ERROR);
        }
        if (first) {
            stream = frame.stream();
            endOfStream = frame.has(Frames.END_STREAM);
        }
        int skipped = first && frame.has(Frames.PRIORITY) ? PRIORITY_BYTES : 0;
        if (frame.contentBytes() < skipped) {
            throw new MalformedHttp2Exception(Frames.FRAME_SIZE_ERROR);
        }
        block.write(frame.bytes(), frame.contentStart() + skipped, frame.contentBytes() - skipped);
        frames++;
        if (block.size() > MOST_BYTES || frames > MOST_FRAMES) {
            throw new MalformedHttp2Exception(Frames.ENHANCE_YOUR_CALM);
        }
    }

    /** The stream of the block. */
    int stream() {
        return stream;
    }

    /** Whether nothing follows the block on its stream. */
    boolean endsStream() {
        return endOfStream;
    }

    /** Decodes the block, which is complete; another one may begin. */
    Http2Headers decode() throws MalformedHttp2Exception {
        byte[] bytes = block.toByteArray();
        block.reset();
        frames = 0;
        try {
            return decoder.decodeHeaders(stream, Unpooled.wrappedBuffer(bytes));
        } catch (Http2Exception.StreamException e) {
            throw new MalformedHttp2Exception(Frames.ENHANCE_YOUR_CALM); // it unfolds to more than the limit
        } catch (Http2Exception e) {
            throw new MalformedHttp2Exception(Frames.COMPRESSION_ERROR);
        }
    }

    /** Frames of a block that does not depend on others. */
    static List<byte[]> frames(int stream, Http2Headers headers, boolean endsStream) {
        byte[] bytes = Frames.encoded(stream, headers);
        List<byte[]> all = new ArrayList<>();
        int at = 0;
        do {
            int end = Math.min(bytes.length, at + Frames.MOST_PAYLOAD_BYTES);
            int flags =
                    (end == bytes.length ? Frames.END_HEADERS : 0) | (at == 0 && endsStream ? Frames.END_STREAM : 0);
            int type = at == 0 ? Frames.HEADERS : Frames.CONTINUATION;
            all.add(Frames.of(type, flags, stream, Arrays.copyOfRange(bytes, at, end)));
            at = end;
        } while (at < bytes.length);
        return all;
    }
}
