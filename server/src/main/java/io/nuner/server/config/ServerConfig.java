package io.nuner.server.config;

import io.nuner.server.answers.AnswerLimits;
import io.nuner.server.answers.StreamLimits;
import io.nuner.server.texts.CallDeadline;
import io.nuner.server.texts.LongTexts;
import io.nuner.server.texts.RequestLimits;
import io.nuner.server.transport.TransportConfig;
import java.net.InetAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can be set on a server. Immutable.
 *
 * @param host address or name to listen on; the default is this machine only, since the transport is not encrypted
 * @param port TCP port; 0 takes any free one
 * @param reflection whether clients may ask for the contract, as grpcurl does; unless chosen, only on loopback
 * @param requests what a request may hold
 * @param deadline how long a call may take
 * @param longTexts how texts are treated that the model cannot read at once
 * @param load how much work is taken on at once
 * @param calibration how long the engine's latency is measured at start, approximately; zero measures three small shapes once, 10
 *     minutes are the most
 * @param queue how long texts wait, and for what
 * @param tenancy who shares the server
 * @param watchdog how long a run of the engine may take
 * @param drain how the server stops
 * @param answers how large answers may be, and how many of them may be unread
 * @param streams how long a call of several messages may stand still, and how much of it may be under way
 * @param transport what one connection may do
 * @param metrics where metrics can be read
 */
public record ServerConfig(
        String host,
        int port,
        Reflection reflection,
        RequestLimits requests,
        CallDeadline deadline,
        LongTexts longTexts,
        LoadConfig load,
        Duration calibration,
        QueueConfig queue,
        TenancyConfig tenancy,
        WatchdogConfig watchdog,
        DrainConfig drain,
        AnswerLimits answers,
        StreamLimits streams,
        TransportConfig transport,
        MetricsConfig metrics) {
    public static final ServerConfig DEFAULT = builder().build();

    /** A refusal takes fewer. */
    private static final int LEAST_BYTES_PER_TEXT = 2048;

    public ServerConfig {
        Require.that(!host.isBlank(), "host", "an address or a name", "blank");
        Require.that(port >= 0 && port <= 65_535, "port", "from 0 to 65535", port);
        Require.notNegative("batching.calibration", calibration);
        Require.that(
                calibration.compareTo(Duration.ofMinutes(10)) <= 0,
                "batching.calibration",
                "at most 10 minutes",
                calibration);
        int leastBytes = LEAST_BYTES_PER_TEXT * requests.maxTexts();
        Require.that(
                answers.maxBytes() >= leastBytes,
                "answers.max-answer-bytes",
                "at least " + leastBytes + " for requests.max-texts",
                answers.maxBytes());
        long largest = transport.unread().connectionBytes() / 2; // one message alone must not close a connection
        Require.that(
                requests.maxMessageBytes() <= largest,
                "requests.max-message-bytes",
                "at most half of what a connection may hold unread: " + largest,
                requests.maxMessageBytes());
        boolean apart = !metrics.enabled() || port == 0 || metrics.port() != port;
        Require.that(apart, "metrics.port", "another one than the server's", metrics.port());
    }

    /** Begins with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Begins with these values. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.host = host;
        builder.port = port;
        builder.reflection = reflection;
        builder.requests = requests;
        builder.deadline = deadline;
        builder.longTexts = longTexts;
        builder.load = load;
        builder.calibration = calibration;
        builder.queue = queue;
        builder.tenancy = tenancy;
        builder.watchdog = watchdog;
        builder.drain = drain;
        builder.answers = answers;
        builder.streams = streams;
        builder.transport = transport;
        builder.metrics = metrics;
        return builder;
    }

    /** Whether clients may ask for the contract. */
    public enum Reflection {
        /** Only while it listens on loopback. */
        ON_LOOPBACK,
        ON,
        OFF;

        /** On or off as chosen; null if nothing is chosen. */
        public static Reflection of(@Nullable Boolean chosen) {
            if (chosen == null) {
                return ON_LOOPBACK;
            }
            return chosen ? ON : OFF;
        }

        public boolean isOn(InetAddress listening) {
            return this == ON || (this == ON_LOOPBACK && listening.isLoopbackAddress());
        }
    }

    /** Collects values; {@link #build} checks them. One thread at a time. */
    public static final class Builder {
        private String host = "127.0.0.1";
        private int port = 8001;
        private Reflection reflection = Reflection.ON_LOOPBACK;
        private RequestLimits requests = RequestLimits.DEFAULT;
        private CallDeadline deadline = new CallDeadline(Duration.ofSeconds(10), Duration.ofSeconds(60));
        private LongTexts longTexts = LongTexts.DEFAULT;
        private LoadConfig load = LoadConfig.DEFAULT;
        private Duration calibration = Duration.ofSeconds(1);
        private QueueConfig queue = QueueConfig.DEFAULT;
        private TenancyConfig tenancy = TenancyConfig.DEFAULT;
        private WatchdogConfig watchdog = WatchdogConfig.DEFAULT;
        private DrainConfig drain = DrainConfig.DEFAULT;
        private AnswerLimits answers = AnswerLimits.DEFAULT;
        private StreamLimits streams = StreamLimits.DEFAULT;
        private TransportConfig transport = TransportConfig.DEFAULT;
        private MetricsConfig metrics = MetricsConfig.OFF;

        private Builder() {}

        public Builder host(String value) {
            host = value;
            return this;
        }

        public Builder port(int value) {
            port = value;
            return this;
        }

        public Builder reflection(Reflection value) {
            reflection = value;
            return this;
        }

        public Builder requests(RequestLimits value) {
            requests = value;
            return this;
        }

        public Builder deadline(CallDeadline value) {
            deadline = value;
            return this;
        }

        public Builder longTexts(LongTexts value) {
            longTexts = value;
            return this;
        }

        public Builder load(LoadConfig value) {
            load = value;
            return this;
        }

        public Builder calibration(Duration value) {
            calibration = value;
            return this;
        }

        public Builder queue(QueueConfig value) {
            queue = value;
            return this;
        }

        public Builder tenancy(TenancyConfig value) {
            tenancy = value;
            return this;
        }

        public Builder watchdog(WatchdogConfig value) {
            watchdog = value;
            return this;
        }

        public Builder drain(DrainConfig value) {
            drain = value;
            return this;
        }

        public Builder answers(AnswerLimits value) {
            answers = value;
            return this;
        }

        public Builder streams(StreamLimits value) {
            streams = value;
            return this;
        }

        public Builder transport(TransportConfig value) {
            transport = value;
            return this;
        }

        public Builder metrics(MetricsConfig value) {
            metrics = value;
            return this;
        }

        /**
         * The configuration.
         *
         * @throws IllegalArgumentException if values do not go together
         */
        public ServerConfig build() {
            return new ServerConfig(
                    host,
                    port,
                    reflection,
                    requests,
                    deadline,
                    longTexts,
                    load,
                    calibration,
                    queue,
                    tenancy,
                    watchdog,
                    drain,
                    answers,
                    streams,
                    transport,
                    metrics);
        }
    }
}
