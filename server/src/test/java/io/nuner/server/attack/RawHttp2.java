package io.nuner.server.attack;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.buffer.ByteBufUtil;
import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Exception;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Headers;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/2 client that sends exactly what it is told and reads only when it is told. One thread may send while another
 * one reads.
 *
 * <p>It confirms the server's settings before it has seen them, answers no ping, and opens no window by itself.
 */
@SuppressWarnings("AddressSelection") // every address is written in digits
public final class RawHttp2 implements AutoCloseable {
    public static final int DATA = 0;
    public static final int HEADERS = 1;
    public static final int PRIORITY = 2;
    public static final int RST_STREAM = 3;
    public static final int SETTINGS = 4;
    public static final int PING = 6;
    public static final int GOAWAY = 7;
    public static final int WINDOW_UPDATE = 8;

    public static final int END_STREAM = 1;
    public static final int ACK = 1;
    public static final int END_HEADERS = 4;
    public static final int PADDED = 8;

    /** Longest payload of a frame that every peer takes. */
    public static final int MOST_PAYLOAD = 16_384;

    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int FRAME_HEADER = 9;
    private static final int SETTING_INITIAL_WINDOW = 4;
    private static final int PATIENCE_MILLIS = 20_000;

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private final DefaultHttp2HeadersEncoder encoder =
            new DefaultHttp2HeadersEncoder((name, value) -> true); // adds nothing to the table: any thread may send
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false);
    private final Map<String, String> extraHeaders = new HashMap<>();
    private int nextStream = 1;

    private RawHttp2(Socket socket) throws IOException {
        this.socket = socket;
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
        out = socket.getOutputStream();
    }

    /** A TCP connection to loopback, and not a byte more. */
    public static RawHttp2 silent(InetAddress from, int port) throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        socket.bind(new InetSocketAddress(from, 0));
        socket.connect(new InetSocketAddress("127.0.0.1", port), PATIENCE_MILLIS);
        return new RawHttp2(socket);
    }

    /** A connection that has sent its preface and settings that change nothing. */
    public static RawHttp2 connect(int port) throws IOException {
        return connect("127.0.0.1", port);
    }

    /** The same from another address of this machine. */
    public static RawHttp2 connect(String from, int port) throws IOException {
        RawHttp2 client = silent(InetAddress.getByName(from), port);
        client.preface();
        client.frame(SETTINGS, 0, 0, new byte[0]);
        client.frame(SETTINGS, ACK, 0, new byte[0]);
        return client;
    }

    /** A connection on which answers may take this many bytes on each stream until the window is opened. */
    public static RawHttp2 connectWithWindow(int port, int windowBytes) throws IOException {
        RawHttp2 client = silent(InetAddress.getByName("127.0.0.1"), port);
        client.preface();
        client.frame(
                SETTINGS,
                0,
                0,
                ByteBuffer.allocate(6)
                        .putShort((short) SETTING_INITIAL_WINDOW)
                        .putInt(windowBytes)
                        .array());
        client.frame(SETTINGS, ACK, 0, new byte[0]);
        return client;
    }

    /** The socket itself. */
    public Socket socket() {
        return socket;
    }

    /** Sends these bytes. */
    public synchronized void send(byte[] bytes) throws IOException {
        out.write(bytes);
    }

    /** Sends the 24 bytes with which every client begins. */
    public void preface() throws IOException {
        send(PREFACE);
    }

    /** The bytes of a frame. */
    public static byte[] frameBytes(int type, int flags, int stream, byte[] payload) {
        return ByteBuffer.allocate(FRAME_HEADER + payload.length)
                .put((byte) (payload.length >> 16))
                .putShort((short) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    /** Sends a frame. */
    public void frame(int type, int flags, int stream, byte[] payload) throws IOException {
        send(frameBytes(type, flags, stream, payload));
    }

    /** Adds a header to every call from now on. */
    public RawHttp2 withHeader(String name, String value) {
        extraHeaders.put(name, value);
        return this;
    }

    /** Takes such a header back. */
    public RawHttp2 withoutHeader(String name) {
        extraHeaders.remove(name);
        return this;
    }

    /** Begins a call of a method such as {@code nuner.v1.NerService/Extract}; returns its stream. */
    public synchronized int call(String method) throws IOException {
        int stream = nextStream;
        nextStream += 2;
        headers(stream, method, END_HEADERS);
        return stream;
    }

    /** Sends the header block of a call, with CONTINUATION frames if it is long. */
    public void headers(int stream, String method, int flags) throws IOException {
        Http2Headers headers = new DefaultHttp2Headers(false)
                .method("POST")
                .scheme("http")
                .path("/" + method)
                .authority("localhost")
                .add("te", "trailers")
                .add("content-type", "application/grpc");
        extraHeaders.forEach(headers::set);
        send(headerFrames(stream, encoded(stream, headers), flags));
    }

    private byte[] encoded(int stream, Http2Headers headers) throws IOException {
        ByteBuf block = Unpooled.buffer();
        try {
            encoder.encodeHeaders(stream, headers, block);
            return ByteBufUtil.getBytes(block);
        } catch (Http2Exception e) {
            throw new IOException(e);
        } finally {
            block.release();
        }
    }

    private static byte[] headerFrames(int stream, byte[] block, int flags) {
        int frames = 1 + block.length / MOST_PAYLOAD;
        ByteBuffer bytes = ByteBuffer.allocate(frames * FRAME_HEADER + block.length);
        for (int i = 0; i < frames; i++) {
            int length = Math.min(MOST_PAYLOAD, block.length - i * MOST_PAYLOAD);
            byte[] part = new byte[length];
            System.arraycopy(block, i * MOST_PAYLOAD, part, 0, length);
            int end = i == frames - 1 ? END_HEADERS : 0;
            int type = i == 0 ? HEADERS : 9;
            bytes.put(frameBytes(type, i == 0 ? (flags & ~END_HEADERS) | end : end, stream, part));
        }
        return bytes.array();
    }

    /** A whole message in gRPC's frame: a flag, four bytes of length, the message. */
    public static byte[] message(byte[] message) {
        return prefixed(message.length, message);
    }

    /** The beginning of a message that claims a length. */
    public static byte[] prefixed(int claimedLength, byte[] begin) {
        return ByteBuffer.allocate(5 + begin.length)
                .put((byte) 0)
                .putInt(claimedLength)
                .put(begin)
                .array();
    }

    /** Sends bytes of a call's body, in as many frames as they need. */
    public void data(int stream, byte[] bytes, boolean end) throws IOException {
        int at = 0;
        do {
            int length = Math.min(MOST_PAYLOAD, bytes.length - at);
            byte[] part = new byte[length];
            System.arraycopy(bytes, at, part, 0, length);
            at += length;
            frame(DATA, end && at == bytes.length ? END_STREAM : 0, stream, part);
        } while (at < bytes.length);
    }

    /** A whole call with one message; returns its stream. */
    public int callWith(String method, byte[] message) throws IOException {
        int stream = call(method);
        data(stream, message(message), true);
        return stream;
    }

    /** Resets a stream with CANCEL. */
    public void reset(int stream) throws IOException {
        frame(RST_STREAM, 0, stream, ByteBuffer.allocate(4).putInt(8).array());
    }

    /** Lets the server send more bytes on a stream; 0 means on the connection. */
    public void openWindow(int stream, int bytes) throws IOException {
        frame(WINDOW_UPDATE, 0, stream, ByteBuffer.allocate(4).putInt(bytes).array());
    }

    /** The next frame; null once the server has closed the connection. Fails after 20 s without one. */
    public @Nullable Frame read() throws IOException {
        byte[] header = new byte[FRAME_HEADER];
        try {
            in.readFully(header);
            ByteBuffer fields = ByteBuffer.wrap(header);
            int length = ((fields.get() & 0xff) << 16) | (fields.getShort() & 0xffff);
            Frame frame = new Frame(fields.get(), fields.get(), fields.getInt(), new byte[length]);
            in.readFully(frame.payload);
            return frame;
        } catch (EOFException | SocketException e) {
            return null;
        }
    }

    /**
     * Reads up to the end of a call; frames of other streams are passed over.
     *
     * @return headers and trailers, such as {@code grpc-status}; with {@code rst} if the stream was reset; with
     *     {@code goaway} or {@code closed} if the connection ended first
     */
    public Map<String, String> end(int stream) throws IOException {
        Map<String, String> end = new HashMap<>();
        boolean over = false;
        while (!over) {
            Frame frame = read();
            if (frame == null) {
                end.putIfAbsent("closed", "");
                return end;
            }
            if (frame.type == GOAWAY) {
                end.put("goaway", frame.goAway());
            }
            if (frame.type == HEADERS) {
                Map<String, String> headers = decoded(frame);
                end.putAll(frame.stream == stream ? headers : Map.of());
            }
            over = frame.stream == stream && (frame.endsStream() || frame.type == RST_STREAM);
            if (over && frame.type == RST_STREAM) {
                end.put("rst", Integer.toString(ByteBuffer.wrap(frame.payload).getInt()));
            }
        }
        return end;
    }

    /** The fields of a HEADERS frame; each one that was read must pass here, for they share a table. */
    public Map<String, String> decoded(Frame frame) throws IOException {
        ByteBuf block = Unpooled.wrappedBuffer(frame.payload);
        try {
            Map<String, String> fields = new HashMap<>();
            decoder.decodeHeaders(frame.stream, block)
                    .forEach(field -> fields.put(
                            field.getKey().toString(), field.getValue().toString()));
            return fields;
        } catch (Http2Exception e) {
            throw new IOException(e);
        } finally {
            block.release();
        }
    }

    /** Reads until the server says goodbye or closes; what it said last, empty if it just closed. */
    public String goodbye() throws IOException {
        String last = "";
        Frame frame = read();
        while (frame != null) {
            if (frame.type == GOAWAY) {
                last = frame.goAway();
            }
            frame = read();
        }
        return last;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** A frame of the server. */
    public static final class Frame {
        public final int type;
        public final int flags;
        public final int stream;
        public final byte[] payload;

        private Frame(int type, int flags, int stream, byte[] payload) {
            this.type = type;
            this.flags = flags;
            this.stream = stream;
            this.payload = payload;
        }

        /** Whether nothing follows on its stream. */
        public boolean endsStream() {
            return (type == DATA || type == HEADERS) && (flags & END_STREAM) != 0;
        }

        /** Error code and debug text of a GOAWAY, such as {@code 11 too_many_pings}. */
        public String goAway() {
            ByteBuffer fields = ByteBuffer.wrap(payload).position(4);
            int code = fields.getInt();
            return code + " " + StandardCharsets.UTF_8.decode(fields);
        }
    }
}
