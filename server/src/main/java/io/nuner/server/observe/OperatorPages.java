package io.nuner.server.observe;

import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.channel.ChannelFutureListener;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.SimpleChannelInboundHandler;
import io.grpc.netty.shaded.io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.grpc.netty.shaded.io.netty.handler.codec.http.FullHttpResponse;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpMethod;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpObject;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpRequest;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpResponseStatus;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/** Answers the one request of a connection to the operator's port. On its event loop; writes nothing to the log. */
@SuppressWarnings("FutureReturnValueIgnored") // nobody waits for what is written: if it fails, the connection is over
final class OperatorPages extends SimpleChannelInboundHandler<HttpObject> {
    private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";
    private static final String TEXT_TYPE = "text/plain; charset=utf-8";
    private static final Set<String> PATHS = Set.of("/metrics", "/health/live", "/health/ready");

    private final HealthReporter health;
    private final Collector collector;
    private final OperatorConnections connections;
    private boolean asked;
    private boolean onlyHead;

    OperatorPages(HealthReporter health, Collector collector, OperatorConnections connections) {
        this.health = health;
        this.collector = collector;
        this.connections = connections;
    }

    /** Whatever comes after the first request's head is passed over. */
    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HttpObject part) {
        if (asked) {
            return;
        }
        asked = true;
        if (part instanceof HttpRequest request && part.decoderResult().isSuccess()) {
            answer(ctx, request);
        } else {
            send(ctx, page(HttpResponseStatus.BAD_REQUEST, "not HTTP\n"));
        }
    }

    private void answer(ChannelHandlerContext ctx, HttpRequest request) {
        int query = request.uri().indexOf('?');
        String path = query < 0 ? request.uri() : request.uri().substring(0, query);
        onlyHead = request.method().equals(HttpMethod.HEAD);
        if (!PATHS.contains(path)) {
            send(ctx, page(HttpResponseStatus.NOT_FOUND, "not found\n"));
        } else if (!onlyHead && !request.method().equals(HttpMethod.GET)) {
            FullHttpResponse refusal = page(HttpResponseStatus.METHOD_NOT_ALLOWED, "only GET and HEAD\n");
            refusal.headers().set("Allow", "GET, HEAD");
            send(ctx, refusal);
        } else if (path.equals("/metrics")) {
            connections.asksForMetrics(ctx.channel());
            collector.collect().thenAccept(text -> ctx.executor().execute(() -> send(ctx, metrics(text))));
        } else {
            boolean live = path.equals("/health/live");
            send(ctx, live ? yesOrNo(health.isAlive(), "alive", "the engine is lost") : ready());
        }
    }

    private FullHttpResponse ready() {
        return yesOrNo(health.isServing(), "serving", "not serving");
    }

    private static FullHttpResponse metrics(Optional<byte[]> text) {
        return text.map(bytes -> page(HttpResponseStatus.OK, METRICS_TYPE, bytes))
                .orElseGet(() -> page(HttpResponseStatus.INTERNAL_SERVER_ERROR, "failed\n"));
    }

    private static FullHttpResponse yesOrNo(boolean yes, String ifYes, String ifNot) {
        return yes
                ? page(HttpResponseStatus.OK, ifYes + "\n")
                : page(HttpResponseStatus.SERVICE_UNAVAILABLE, ifNot + "\n");
    }

    private static FullHttpResponse page(HttpResponseStatus status, String text) {
        return page(status, TEXT_TYPE, text.getBytes(StandardCharsets.UTF_8));
    }

    private static FullHttpResponse page(HttpResponseStatus status, String type, byte[] body) {
        FullHttpResponse page = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(body));
        page.headers().set("Content-Type", type).set("Connection", "close").setInt("Content-Length", body.length);
        return page;
    }

    private void send(ChannelHandlerContext ctx, FullHttpResponse page) {
        if (onlyHead) {
            page.content().clear();
        }
        ctx.writeAndFlush(page).addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
