package io.nuner.server.observe;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The operator's HTTP port: {@code /metrics} for Prometheus, {@code /health/live} and {@code /health/ready} for whoever
 * restarts and balances. Any thread.
 *
 * <p>Two threads of its own, few connections, a few seconds for each request: whatever is sent here, serving does not
 * notice. There is neither encryption nor authentication.
 */
public final class MetricsEndpoint implements AutoCloseable {
    private static final int THREADS = 2;
    private static final int MAX_CONNECTIONS = 64;
    private static final String SECONDS_FOR_ONE = "5";
    private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";
    private static final String TEXT_TYPE = "text/plain; charset=utf-8";

    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int NOT_ALLOWED = 405;
    private static final int FAILED = 500;
    private static final int UNAVAILABLE = 503;

    private final HttpServer http;
    private final ExecutorService threads;
    private final FaultLog faults;
    private final Map<String, Supplier<Page>> pages;

    private MetricsEndpoint(HttpServer http, ExecutorService threads, FaultLog faults, Sources sources) {
        this.http = http;
        this.threads = threads;
        this.faults = faults;
        HealthReporter health = sources.health;
        pages = Map.of(
                "/metrics", () -> new Page(OK, METRICS_TYPE, sources.metrics.get()),
                "/health/live", () -> Page.yesOrNo(health.isAlive(), "alive", "the engine is lost"),
                "/health/ready", () -> Page.yesOrNo(health.isServing(), "serving", "not serving"));
    }

    /**
     * Listens.
     *
     * @throws IOException if it cannot
     */
    public static MetricsEndpoint start(
            InetSocketAddress address, ThreadFactory threads, FaultLog faults, Sources sources) throws IOException {
        boundHttpServers();
        HttpServer http = HttpServer.create(address, MAX_CONNECTIONS);
        ExecutorService pool = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(MAX_CONNECTIONS),
                threads,
                new ThreadPoolExecutor.DiscardPolicy()); // the connection is closed when its time is over
        MetricsEndpoint endpoint = new MetricsEndpoint(http, pool, faults, sources);
        http.setExecutor(pool);
        http.createContext("/", endpoint::answer);
        http.start();
        return endpoint;
    }

    /** The JDK's server takes these bounds from system properties only; what the operator set stays. */
    private static void boundHttpServers() {
        setUnlessSet("jdk.httpserver.maxConnections", Integer.toString(MAX_CONNECTIONS));
        setUnlessSet("sun.net.httpserver.maxReqTime", SECONDS_FOR_ONE);
        setUnlessSet("sun.net.httpserver.maxRspTime", SECONDS_FOR_ONE);
        setUnlessSet("sun.net.httpserver.nodelay", "true");
    }

    private static void setUnlessSet(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Page page = page(exchange);
            byte[] body = page.body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", page.type);
            exchange.sendResponseHeaders(page.status, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private Page page(HttpExchange exchange) {
        Supplier<Page> page = pages.get(exchange.getRequestURI().getPath());
        if (page == null) {
            return new Page(NOT_FOUND, TEXT_TYPE, "not found\n");
        }
        if (!"GET".equals(exchange.getRequestMethod())) {
            exchange.getResponseHeaders().set("Allow", "GET");
            return new Page(NOT_ALLOWED, TEXT_TYPE, "only GET\n");
        }
        try {
            return page.get();
        } catch (RuntimeException e) {
            faults.report("metrics could not be collected", e);
            return new Page(FAILED, TEXT_TYPE, "failed\n");
        }
    }

    /** The port it listens on. */
    public int port() {
        return http.getAddress().getPort();
    }

    @Override
    public void close() {
        http.stop(0);
        threads.shutdownNow();
    }

    /**
     * What it shows.
     *
     * @param metrics all series, in the text format of Prometheus
     * @param health whether calls are welcome
     */
    public record Sources(Supplier<String> metrics, HealthReporter health) {}

    private record Page(int status, String type, String body) {
        static Page yesOrNo(boolean yes, String ifYes, String ifNot) {
            return new Page(yes ? OK : UNAVAILABLE, TEXT_TYPE, (yes ? ifYes : ifNot) + "\n");
        }
    }
}
