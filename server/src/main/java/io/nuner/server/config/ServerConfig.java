package io.nuner.server.config;

import io.nuner.server.answers.AnswerLimits;
import io.nuner.server.rpc.CallDeadline;
import io.nuner.server.rpc.RequestLimits;
import io.nuner.server.transport.TransportConfig;
import java.net.InetAddress;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Everything that can be set on a server. Immutable.
 *
 * @param host address or name to listen on; the default is this machine only, since the transport is not encrypted
 * @param port TCP port; 0 takes any free one
 * @param reflection whether clients may ask for the contract, as grpcurl does; unless chosen, only on loopback
 * @param requests what a request may hold
 * @param deadline how long a call may take
 * @param load how much work is taken on at once
 * @param batching how batches are formed
 * @param queue how long texts wait, and for what
 * @param tenancy who shares the server
 * @param watchdog how long a run of the engine may take
 * @param drain how the server stops
 * @param answers how large answers may be, and how many of them may be unread
 * @param transport what one connection may do
 * @param metrics where metrics can be read
 */
public record ServerConfig(
        String host,
        int port,
        Reflection reflection,
        RequestLimits requests,
        CallDeadline deadline,
        LoadConfig load,
        BatchingConfig batching,
        QueueConfig queue,
        TenancyConfig tenancy,
        WatchdogConfig watchdog,
        DrainConfig drain,
        AnswerLimits answers,
        TransportConfig transport,
        MetricsConfig metrics) {
    public static final ServerConfig DEFAULT = new ServerConfig(
            "127.0.0.1",
            8001,
            Reflection.ON_LOOPBACK,
            RequestLimits.DEFAULT,
            new CallDeadline(Duration.ofSeconds(10), Duration.ofSeconds(60)),
            LoadConfig.DEFAULT,
            BatchingConfig.DEFAULT,
            QueueConfig.DEFAULT,
            TenancyConfig.DEFAULT,
            WatchdogConfig.DEFAULT,
            DrainConfig.DEFAULT,
            AnswerLimits.DEFAULT,
            TransportConfig.DEFAULT,
            MetricsConfig.OFF);

    /** More than a refusal takes. */
    private static final int LEAST_BYTES_PER_TEXT = 2048;

    public ServerConfig {
        Require.that(!host.isBlank(), "host", "an address or a name", "blank");
        Require.that(port >= 0 && port <= 65_535, "port", "from 0 to 65535", port);
        int leastBytes = LEAST_BYTES_PER_TEXT * requests.maxTexts();
        Require.that(
                answers.maxBytes() >= leastBytes,
                "answers.max-answer-bytes",
                "at least " + leastBytes + " for requests.max-texts",
                answers.maxBytes());
        long largest = transport.unread().connectionBytes() / 2; // so that one message never is a connection's undoing
        Require.that(
                requests.maxMessageBytes() <= largest,
                "requests.max-message-bytes",
                "at most half of what a connection may hold unread: " + largest,
                requests.maxMessageBytes());
        boolean apart = !metrics.enabled() || port == 0 || metrics.port() != port;
        Require.that(apart, "metrics.port", "another one than the server's", metrics.port());
    }

    /** The same with another address. */
    public ServerConfig withAddress(String newHost, int newPort) {
        return with(draft -> {
            draft.host = newHost;
            draft.port = newPort;
        });
    }

    /** The same with reflection on or off. */
    public ServerConfig withReflection(boolean on) {
        return with(draft -> draft.reflection = on ? Reflection.ON : Reflection.OFF);
    }

    /** The same with other request limits. */
    public ServerConfig withRequests(RequestLimits limits) {
        return with(draft -> draft.requests = limits);
    }

    /** The same with other deadlines. */
    public ServerConfig withDeadline(CallDeadline newDeadline) {
        return with(draft -> draft.deadline = newDeadline);
    }

    /** The same with another load. */
    public ServerConfig withLoad(LoadConfig newLoad) {
        return with(draft -> draft.load = newLoad);
    }

    /** The same with batches formed otherwise. */
    public ServerConfig withBatching(BatchingConfig newBatching) {
        return with(draft -> draft.batching = newBatching);
    }

    /** The same with other ways to wait. */
    public ServerConfig withQueue(QueueConfig newQueue) {
        return with(draft -> draft.queue = newQueue);
    }

    /** The same, shared by others. */
    public ServerConfig withTenancy(TenancyConfig newTenancy) {
        return with(draft -> draft.tenancy = newTenancy);
    }

    /** The same with other limits of a run. */
    public ServerConfig withWatchdog(WatchdogConfig newWatchdog) {
        return with(draft -> draft.watchdog = newWatchdog);
    }

    /** The same with another way to stop. */
    public ServerConfig withDrain(DrainConfig newDrain) {
        return with(draft -> draft.drain = newDrain);
    }

    /** The same with other bounds on answers. */
    public ServerConfig withAnswers(AnswerLimits newAnswers) {
        return with(draft -> draft.answers = newAnswers);
    }

    /** The same with other bounds on a connection. */
    public ServerConfig withTransport(TransportConfig newTransport) {
        return with(draft -> draft.transport = newTransport);
    }

    /** The same with another place for metrics. */
    public ServerConfig withMetrics(MetricsConfig newMetrics) {
        return with(draft -> draft.metrics = newMetrics);
    }

    private ServerConfig with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.finished();
    }

    /** Whether clients may ask for the contract. */
    public enum Reflection {
        /** Only while it listens on loopback. */
        ON_LOOPBACK,
        ON,
        OFF;

        public boolean isOn(InetAddress listening) {
            return this == ON || (this == ON_LOOPBACK && listening.isLoopbackAddress());
        }
    }

    /** A configuration that is being changed. */
    private static final class Draft {
        private String host;
        private int port;
        private Reflection reflection;
        private RequestLimits requests;
        private CallDeadline deadline;
        private LoadConfig load;
        private BatchingConfig batching;
        private QueueConfig queue;
        private TenancyConfig tenancy;
        private WatchdogConfig watchdog;
        private DrainConfig drain;
        private AnswerLimits answers;
        private TransportConfig transport;
        private MetricsConfig metrics;

        private Draft(ServerConfig original) {
            host = original.host;
            port = original.port;
            reflection = original.reflection;
            requests = original.requests;
            deadline = original.deadline;
            load = original.load;
            batching = original.batching;
            queue = original.queue;
            tenancy = original.tenancy;
            watchdog = original.watchdog;
            drain = original.drain;
            answers = original.answers;
            transport = original.transport;
            metrics = original.metrics;
        }

        private ServerConfig finished() {
            return new ServerConfig(
                    host,
                    port,
                    reflection,
                    requests,
                    deadline,
                    load,
                    batching,
                    queue,
                    tenancy,
                    watchdog,
                    drain,
                    answers,
                    transport,
                    metrics);
        }
    }
}
