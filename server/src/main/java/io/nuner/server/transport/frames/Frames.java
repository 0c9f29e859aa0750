package io.nuner.server.transport.frames;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.buffer.ByteBufUtil;
import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Exception;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Headers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The bytes of HTTP/2 frames (RFC 9113): names of their parts, and frames to send. */
public final class Frames {
    public static final int HEADER_BYTES = 9;
    /** Longest payload: gRPC leaves this at HTTP/2's default. */
    public static final int MOST_PAYLOAD_BYTES = 16_384;

    public static final int TYPE_AT = 3;
    public static final int FLAGS_AT = 4;
    public static final int STREAM_AT = 5;

    public static final int DATA = 0;
    public static final int HEADERS = 1;
    public static final int RST_STREAM = 3;
    public static final int SETTINGS = 4;
    public static final int PING = 6;
    public static final int GOAWAY = 7;
    public static final int WINDOW_UPDATE = 8;
    public static final int CONTINUATION = 9;

    public static final int END_STREAM = 0x1;
    public static final int ACK = 0x1;
    public static final int END_HEADERS = 0x4;
    public static final int PADDED = 0x8;
    public static final int PRIORITY = 0x20;

    private static final int RESOURCE_EXHAUSTED = 8;

    public static final int NO_ERROR = 0;
    public static final int PROTOCOL_ERROR = 1;
    public static final int FRAME_SIZE_ERROR = 6;
    public static final int CANCEL = 8;
    public static final int COMPRESSION_ERROR = 9;
    public static final int ENHANCE_YOUR_CALM = 11;

    private Frames() {}

    /** What the header of a frame says of its length. */
    public static int payloadBytes(byte[] header) {
        return ((header[0] & 0xff) << 16) | ((header[1] & 0xff) << 8) | (header[2] & 0xff);
    }

    /** Which stream the header of a frame names; 0 for the connection. */
    public static int stream(byte[] header) {
        return ByteBuffer.wrap(header).getInt(STREAM_AT) & Integer.MAX_VALUE;
    }

    public static byte[] of(int type, int flags, int stream, byte[] payload) {
        return ByteBuffer.allocate(HEADER_BYTES + payload.length)
                .put((byte) (payload.length >> Short.SIZE))
                .putShort((short) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    public static byte[] reset(int stream, int error) {
        return of(RST_STREAM, 0, stream, ByteBuffer.allocate(4).putInt(error).array());
    }

    /** Lets the client send that many bytes more on the connection; nothing for 0, which would be an error. */
    public static byte[] window(int bytes) {
        return bytes == 0
                ? new byte[0]
                : of(WINDOW_UPDATE, 0, 0, ByteBuffer.allocate(4).putInt(bytes).array());
    }

    public static byte[] goAway(int lastStream, int error, String why) {
        byte[] text = why.getBytes(StandardCharsets.US_ASCII);
        byte[] payload = ByteBuffer.allocate(8 + text.length)
                .putInt(lastStream)
                .putInt(error)
                .put(text)
                .array();
        return of(GOAWAY, 0, 0, payload);
    }

    /**
     * An answer without a message: the whole end of a call.
     *
     * @param details {@code grpc-status-details-bin} in base64; empty for none
     */
    public static byte[] refusal(int stream, int grpcStatus, String message, String details) {
        Http2Headers headers = new DefaultHttp2Headers(false).status("200").add("content-type", "application/grpc");
        return last(stream, headers.add(ending(grpcStatus, message, details)));
    }

    /**
     * The end of a call whose answer has begun.
     *
     * @param details as above
     */
    public static byte[] trailers(int stream, int grpcStatus, String message, String details) {
        return last(stream, ending(grpcStatus, message, details));
    }

    private static Http2Headers ending(int grpcStatus, String message, String details) {
        Http2Headers headers = new DefaultHttp2Headers(false)
                .add("grpc-status", Integer.toString(grpcStatus))
                .add("grpc-message", message);
        if (grpcStatus == RESOURCE_EXHAUSTED) {
            headers.add("grpc-retry-pushback-ms", "-1"); // no client's retry policy repeats it by itself
        }
        return details.isEmpty() ? headers : headers.add("grpc-status-details-bin", details);
    }

    private static byte[] last(int stream, Http2Headers headers) {
        return of(HEADERS, END_STREAM | END_HEADERS, stream, encoded(stream, headers));
    }

    /** The header block, independent of those before it. */
    public static byte[] encoded(int stream, Http2Headers headers) {
        ByteBuf block = Unpooled.buffer();
        try (DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder((name, value) -> true)) {
            encoder.encodeHeaders(stream, headers, block);
            return ByteBufUtil.getBytes(block);
        } catch (Http2Exception e) {
            throw new IllegalStateException(e); // it has no limits
        } finally {
            block.release();
        }
    }
}
