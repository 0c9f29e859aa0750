package io.nuner.server.transport;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Headers;
import io.nuner.server.transport.TransportObserver.Cut;
import io.nuner.server.transport.frames.Frame;
import io.nuner.server.transport.frames.FrameAssembler;
import io.nuner.server.transport.frames.Frames;
import io.nuner.server.transport.frames.HeaderBlocks;
import io.nuner.server.transport.frames.MalformedHttp2Exception;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a connection receives, before gRPC does: whole frames only, headers that cannot hurt, no more than the budgets and
 * the patience allow. On the connection's event loop.
 *
 * <p>It is the first handler, on the bytes of the socket. A call that is refused here ends for gRPC as if its caller had
 * reset it.
 */
@SuppressWarnings("FutureReturnValueIgnored") // nobody waits for what is written: if it fails, the connection is over
final class InboundGate extends ChannelInboundHandlerAdapter {
    /** Data that brings less than this counts as bringing nothing. */
    private static final int TINY_BYTES = 64;

    private static final int CHECKS_PER_LIMIT = 4;
    private static final int GOODBYE_MILLIS = 200;

    private final LiveCalls calls;
    private final CallEnds ends;
    private final Budget budget;
    private final TransportConfig config;
    private final TransportObserver observer;
    private final FrameAssembler assembler;
    private final HeaderBlocks blocks = new HeaderBlocks();
    private final Calm calm;
    private final long acceptedNanos = System.nanoTime();

    private @Nullable ChannelHandlerContext context;
    private long nowNanos = acceptedNanos;
    private long pieceNanos = acceptedNanos;
    private boolean begun;
    private boolean confirmed;
    private boolean checking;
    private boolean closing;
    private int lastStream;

    /**
     * The gate of one connection.
     *
     * @param endings tells how a call ends that is refused
     */
    InboundGate(
            LiveCalls calls,
            Budget budget,
            TransportConfig config,
            int maxMessageBytes,
            TransportObserver observer,
            Function<EarlyRefusal, StreamLine.Ending> endings) {
        this.calls = calls;
        this.budget = budget;
        this.config = config;
        this.observer = observer;
        ends = new CallEnds(this::context, calls, budget, maxMessageBytes, observer, endings);
        calm = new Calm(config.noise(), acceptedNanos);
        assembler = new FrameAssembler(stream -> calls.get(stream) != null);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
        keepChecking();
    }

    private ChannelHandlerContext context() {
        return Objects.requireNonNull(context);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        nowNanos = System.nanoTime();
        if (!assembler.isInside() && !blocks.isOpen()) {
            pieceNanos = nowNanos;
        }
        try {
            read(bytes);
        } catch (MalformedHttp2Exception e) {
            goAway(e.error(), e.error() == Frames.ENHANCE_YOUR_CALM ? Cut.NOISE : Cut.MALFORMED, "");
        } finally {
            bytes.release();
        }
        if (assembler.isInside() || blocks.isOpen() || calls.isAnyIncomplete()) {
            keepChecking();
        }
    }

    private void read(ByteBuf bytes) throws MalformedHttp2Exception {
        @Nullable ByteBuf piece = closing ? null : assembler.next(bytes);
        while (piece != null) {
            try {
                take(piece);
            } finally {
                piece.release();
            }
            piece = closing ? null : assembler.next(bytes);
        }
    }

    private void take(ByteBuf piece) throws MalformedHttp2Exception {
        if (!blocks.isOpen()) {
            pieceNanos = nowNanos;
        }
        if (begun) {
            take(new Frame(piece));
        } else {
            begun = true;
            pass(piece);
        }
    }

    private void take(Frame frame) throws MalformedHttp2Exception {
        switch (frame.type()) {
            case Frames.HEADERS, Frames.CONTINUATION -> headers(frame);
            case Frames.DATA -> data(frame);
            case Frames.RST_STREAM -> reset(frame);
            default -> other(frame);
        }
    }

    /** Lets gRPC read them, whoever else holds them. */
    private void pass(ByteBuf bytes) {
        hand(bytes.retain());
    }

    /** Gives them to gRPC, which releases them. */
    private void hand(ByteBuf bytes) {
        context().fireChannelRead(bytes);
    }

    private void headers(Frame frame) throws MalformedHttp2Exception {
        blocks.add(frame, context().alloc());
        if (!frame.has(Frames.END_HEADERS)) {
            return;
        }
        Http2Headers sent = blocks.decode();
        if (blocks.stream() > lastStream) {
            lastStream = blocks.stream();
            begin(RequestHeaders.of(lastStream, sent));
        } else if (isCalm()) { // the end of a call that goes on, or none at all
            hand(blocks.framed(sent, context().alloc()));
        }
    }

    private void begin(RequestHeaders headers) {
        UnreadCall call = new UnreadCall(lastStream, nowNanos, headers.timeoutNanos(), headers.isStreaming());
        if (blocks.endsStream()) {
            call.completed();
        }
        calm.worked();
        calls.begin(call);
        hand(blocks.framed(headers.forGrpc(), context().alloc()));
        headers.fault()
                .ifPresentOrElse(
                        fault -> ends.refuse(call, fault), () -> hold(call, Budget.CALL_BYTES + headers.sizeBytes()));
    }

    private void data(Frame frame) throws MalformedHttp2Exception {
        requireNoBlock();
        @Nullable UnreadCall call = calls.get(frame.stream());
        boolean brings = frame.has(Frames.END_STREAM) || frame.contentBytes() >= TINY_BYTES;
        brings |= call != null && follow(call, frame);
        if (!brings && !isCalm()) {
            return;
        }
        if ((call != null && ends.refuseTooLarge(call)) || calls.isCutShort(frame.stream())) {
            // nobody reads it, and it takes none of the connection's window
            context().writeAndFlush(Unpooled.wrappedBuffer(Frames.window(frame.payloadBytes())));
            return;
        }
        pass(frame.bytes());
        if (call != null) {
            hold(call, Budget.FRAME_BYTES + frame.length());
        }
    }

    /** Whether it completes a message of a stream. */
    private boolean follow(UnreadCall call, Frame frame) {
        boolean completes = call.follow(frame, nowNanos);
        calls.follow(call);
        return completes;
    }

    private void hold(UnreadCall call, long bytes) {
        boolean within = calls.hold(call, bytes);
        if (budget.isExceeded() && budget.isGreedy(calls)) {
            ends.giveBack(); // at once, not when another event loop comes to it
        }
        if (!within && call.heldBytes() > 0 && calls.get(call.stream()) == call) {
            ends.refuseUnread(call);
        }
    }

    private void reset(Frame frame) throws MalformedHttp2Exception {
        requireNoBlock();
        @Nullable UnreadCall call = calls.end(frame.stream());
        if (call == null) {
            other(frame);
            return;
        }
        if (!call.isExpired(nowNanos) && !calm.reset(nowNanos)) {
            goAway(Frames.ENHANCE_YOUR_CALM, Cut.RESETS, "too_many_resets");
            return;
        }
        pass(frame.bytes());
    }

    private void other(Frame frame) throws MalformedHttp2Exception {
        requireNoBlock();
        confirmed |= frame.type() == Frames.SETTINGS && frame.has(Frames.ACK);
        if (isCalm()) {
            pass(frame.bytes());
        }
    }

    private void requireNoBlock() throws MalformedHttp2Exception {
        if (blocks.isOpen()) {
            throw new MalformedHttp2Exception(Frames.PROTOCOL_ERROR);
        }
    }

    /** Counts something that brings nothing; false if the connection is closed for it. */
    private boolean isCalm() {
        boolean calmEnough = calm.noise(nowNanos);
        if (!calmEnough) {
            goAway(Frames.ENHANCE_YOUR_CALM, Cut.NOISE, "too_many_frames");
        }
        return calmEnough;
    }

    /** Refuses calls that are not read yet until the budget is kept, and says so. */
    void shed() {
        ends.giveBack();
        budget.hasShed();
    }

    /** Ends a call, unless it has ended. */
    void end(UnreadCall call, StreamLine.Ending ending) {
        if (!closing) {
            ends.end(call, ending);
        }
    }

    /** gRPC tells the client to go. */
    void going() {
        calls.going();
    }

    /**
     * A frame of an answer goes out.
     *
     * @param bytes of its message
     */
    void answering(int stream, int bytes) {
        calm.worked();
        @Nullable UnreadCall call = calls.get(stream);
        if (call != null) {
            call.answering();
            call.sent(bytes);
        }
    }

    /** The last frame of an answer goes out. */
    void answered(int stream) {
        @Nullable UnreadCall call = calls.get(stream);
        if (call == null) {
            return;
        }
        calm.ended();
        if (call.isComplete()) {
            calls.end(stream);
        } else {
            call.answered();
            context().executor().execute(() -> stopUpload(call)); // after that frame
        }
    }

    /** Asks for no more of a message that nobody will read; its stream would stay open on both sides (RFC 9113, section 8.1). */
    private void stopUpload(UnreadCall call) {
        if (calls.get(call.stream()) != call) {
            return;
        }
        calls.end(call.stream());
        if (!call.isComplete() && !closing) {
            calls.cutShort(call.stream());
            context().writeAndFlush(Unpooled.wrappedBuffer(Frames.reset(call.stream(), Frames.NO_ERROR)));
            hand(Unpooled.wrappedBuffer(Frames.of(Frames.DATA, Frames.END_STREAM, call.stream(), new byte[0])));
        }
    }

    /** The server resets a stream, for a reason of its own or because the client provoked it. */
    void resetting(int stream, boolean provoked) {
        @Nullable UnreadCall call = calls.end(stream);
        if (call != null && call.isExpired(System.nanoTime())) {
            calm.ended();
        }
        if (provoked && !calm.reset(System.nanoTime())) {
            context().executor().execute(() -> goAway(Frames.ENHANCE_YOUR_CALM, Cut.RESETS, "too_many_resets"));
        }
    }

    private void goAway(int error, Cut reason, String why) {
        if (closing) {
            return;
        }
        closing = true;
        observer.cut(reason);
        context().writeAndFlush(Unpooled.wrappedBuffer(Frames.goAway(lastStream, error, why)));
        context().channel().config().setAutoRead(false);
        context().executor().schedule(this::close, GOODBYE_MILLIS, TimeUnit.MILLISECONDS); // it may be read until then
    }

    /** Closes the socket at once. */
    void cut(Cut reason) {
        if (context().channel().isOpen()) {
            observer.cut(reason);
            close();
        }
    }

    /** Past gRPC's handlers, which would wait for streams to end, and past the kernel's buffers. */
    private void close() {
        closing = true;
        if (context().channel().isOpen()) {
            context().channel().config().setOption(ChannelOption.SO_LINGER, 0);
            context().close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        closing = true;
        calls.endAll();
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        closing = true;
        blocks.close();
    }

    /** Looks at the times while there is something that must not last. */
    private void keepChecking() {
        if (!checking && !closing) {
            checking = true;
            long shortest = Math.min(
                    config.times().handshake().toNanos(),
                    config.unread().messageTime().toNanos());
            context().executor().schedule(this::check, shortest / CHECKS_PER_LIMIT, TimeUnit.NANOSECONDS);
        }
    }

    private void check() {
        checking = false;
        nowNanos = System.nanoTime();
        long handshakeNanos = config.times().handshake().toNanos();
        boolean inside = assembler.isInside() || blocks.isOpen();
        if (!confirmed && nowNanos - acceptedNanos > handshakeNanos) {
            cut(Cut.HANDSHAKE);
        } else if (inside && nowNanos - pieceNanos > handshakeNanos) {
            cut(Cut.STALLED);
        } else {
            refuseSlowMessages();
        }
        if (!confirmed || inside || calls.isAnyIncomplete()) {
            keepChecking();
        }
    }

    /** The server stops: it waits for answers to what was asked in full, and soon for nothing else. */
    void drain() {
        new EndOfDrain(context(), calls, ends::refuseStopping).schedule();
    }

    private void refuseSlowMessages() {
        long mostNanos = config.unread().messageTime().toNanos();
        for (UnreadCall call : calls.incomplete()) {
            if (call.waitedNanos(nowNanos) > mostNanos) {
                ends.refuseSlow(call, mostNanos);
            }
        }
    }
}
