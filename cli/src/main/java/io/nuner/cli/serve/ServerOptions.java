package io.nuner.cli.serve;

import io.nuner.cli.common.Durations;
import io.nuner.cli.plan.DelayOption;
import io.nuner.engine.EngineSettings;
import io.nuner.server.config.BatchingConfig;
import io.nuner.server.config.DrainConfig;
import io.nuner.server.config.LoadConfig;
import io.nuner.server.config.MetricsConfig;
import io.nuner.server.config.QueueConfig;
import io.nuner.server.config.ServerConfig;
import io.nuner.server.config.TenancyConfig;
import io.nuner.server.config.WatchdogConfig;
import io.nuner.server.rpc.CallDeadline;
import io.nuner.server.rpc.RequestLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of {@code nuner serve} that concern the server; their defaults are the server's own. */
final class ServerOptions {
    /** For each lane: one runs, and those that wait are enough to choose good batches from. */
    private static final int BATCHES_IN_FLIGHT = 4;

    private static final ServerConfig DEFAULT = ServerConfig.DEFAULT;
    private static final int DEFAULT_METRICS_PORT = 8002;

    @Option(names = "--host", paramLabel = "ADDRESS", description = "Address to listen on. Default: 127.0.0.1.")
    private String host = DEFAULT.host();

    @Option(names = "--port", paramLabel = "N", description = "TCP port; 0 takes a free one. Default: 8001.")
    private int port = DEFAULT.port();

    @Option(
            names = "--reflection",
            negatable = true,
            fallbackValue = "true",
            description = "Let clients such as grpcurl ask for the contract, or do not. Default: only on loopback.")
    private @Nullable Boolean reflection;

    @Mixin
    private TransportOptions transport = new TransportOptions();

    @Option(
            names = "--metrics",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "Serve metrics and health by HTTP, or do not. Default: ${DEFAULT-VALUE}.")
    private boolean metrics;

    @Option(
            names = "--metrics-port",
            paramLabel = "N",
            description = "TCP port of metrics and health; 0 takes a free one. Default: 8002.")
    private int metricsPort = DEFAULT_METRICS_PORT;

    @Option(
            names = "--max-requests",
            paramLabel = "N",
            description = "Texts taken on and not yet answered; more are refused. Default: 512, or as many as fill the"
                    + " engine's lanes four times if that is more.")
    private @Nullable Integer maxRequests;

    @Option(names = "--max-tokens", paramLabel = "N", description = "Tokens of those texts. Default: 262144.")
    private long maxTokens = DEFAULT.load().maxTokens();

    @Option(names = "--max-message-bytes", paramLabel = "N", description = "Size of one message. Default: 1048576.")
    private int maxMessageBytes = DEFAULT.requests().maxMessageBytes();

    @Option(names = "--max-text-bytes", paramLabel = "N", description = "UTF-8 size of one text. Default: 100000.")
    private int maxTextBytes = DEFAULT.requests().maxTextBytes();

    @Option(names = "--max-labels", paramLabel = "N", description = "Labels of one request. Default: 100.")
    private int maxLabels = DEFAULT.requests().maxLabels();

    @Option(names = "--max-label-bytes", paramLabel = "N", description = "UTF-8 size of one label. Default: 256.")
    private int maxLabelBytes = DEFAULT.requests().maxLabelBytes();

    @Option(names = "--max-texts", paramLabel = "N", description = "Texts of one ExtractBatch call. Default: 32.")
    private int maxTexts = DEFAULT.requests().maxTexts();

    @Option(
            names = "--queue-delay",
            defaultValue = "auto",
            converter = DelayOption.class,
            paramLabel = "TIME",
            description =
                    "How long a queue may stand before new texts are refused, or auto. Default: ${DEFAULT-VALUE}.")
    private Duration queueDelay = DEFAULT.queue().delay();

    @Option(
            names = "--bulk-aging",
            converter = Durations.class,
            paramLabel = "TIME",
            description = "After this time a waiting bulk text is treated like an interactive one. Default: 2s.")
    private Duration bulkAging = DEFAULT.queue().bulkAging();

    @Option(
            names = "--max-linger",
            converter = Durations.class,
            paramLabel = "TIME",
            description = "Longest wait for further texts where the costs say that it pays; 0s never. Default: 2ms.")
    private Duration maxLinger = DEFAULT.queue().maxLinger();

    @Option(
            names = "--tenants",
            paramLabel = "FILE",
            description = "Tenants: lines of NAME WEIGHT [SHA256-OF-KEY]. Default: all have weight 1 and no key.")
    private @Nullable Path tenants;

    @Option(
            names = "--max-tenants",
            paramLabel = "N",
            description = "Tenants told apart beyond those of the file; more share one. Default: 1000, or 0 if the file"
                    + " has a key; then callers without a name share, too.")
    private @Nullable Integer maxTenants;

    @Option(
            names = "--deadline-unset",
            converter = Durations.class,
            paramLabel = "TIME",
            description = "Deadline of calls that have none. Default: 10s.")
    private Duration deadlineUnset = DEFAULT.deadline().unset();

    @Option(
            names = "--deadline-longest",
            converter = Durations.class,
            paramLabel = "TIME",
            description = "Longest deadline of a call. Default: 60s.")
    private Duration deadlineLongest = DEFAULT.deadline().longest();

    @Option(
            names = "--calibration",
            converter = Durations.class,
            paramLabel = "TIME",
            description = "How long the engine's latency is measured at start, about; 0s measures little. Default: 1s.")
    private Duration calibration = DEFAULT.batching().calibration();

    @Option(
            names = "--drain-notice",
            converter = Durations.class,
            paramLabel = "TIME",
            description = "Time between reporting NOT_SERVING and refusing new calls when stopping. Default: 5s.")
    private Duration drainNotice = DEFAULT.drain().notice();

    @Option(
            names = "--drain-grace",
            converter = Durations.class,
            paramLabel = "TIME",
            description = "Time that calls in flight then have. Default: 25s.")
    private Duration drainGrace = DEFAULT.drain().grace();

    @Option(
            names = "--engine-slow",
            converter = Durations.class,
            paramLabel = "TIME",
            description = "A run of the engine this long makes the server NOT_SERVING until it ends. Default: 5s.")
    private Duration watchdogSoft = DEFAULT.watchdog().soft();

    @Option(
            names = "--engine-hung",
            converter = Durations.class,
            paramLabel = "TIME",
            description = "A run of the engine this long is given up. Default: 20s.")
    private Duration watchdogHard = DEFAULT.watchdog().hard();

    @Mixin
    private AnswerOptions answers = new AnswerOptions();

    int maxLabels() {
        return maxLabels;
    }

    ServerConfig config() {
        RequestLimits requests = new RequestLimits(
                maxMessageBytes,
                maxTextBytes,
                maxLabels,
                maxLabelBytes,
                maxTexts,
                DEFAULT.requests().maxRequestIdBytes());
        ServerConfig listening = DEFAULT.withAddress(host, port).withTransport(transport.config());
        return (reflection == null ? listening : listening.withReflection(reflection))
                .withRequests(requests)
                .withAnswers(answers.limits())
                .withLoad(load())
                .withBatching(new BatchingConfig(calibration))
                .withQueue(new QueueConfig(queueDelay, bulkAging, maxLinger))
                .withTenancy(tenancy())
                .withDeadline(new CallDeadline(deadlineUnset, deadlineLongest))
                .withWatchdog(watchdog())
                .withDrain(new DrainConfig(drainNotice, drainGrace))
                .withMetrics(metrics ? MetricsConfig.on(metricsPort) : MetricsConfig.OFF);
    }

    /** Checked here, because the keys do not look like the options. */
    private WatchdogConfig watchdog() {
        if (watchdogSoft.compareTo(Duration.ZERO) <= 0) {
            throw new IllegalArgumentException("--engine-slow must be longer than zero, but was " + watchdogSoft);
        }
        if (watchdogHard.compareTo(watchdogSoft) <= 0) {
            throw new IllegalArgumentException(
                    "--engine-hung must be longer than --engine-slow (" + watchdogSoft + "), but was " + watchdogHard);
        }
        return new WatchdogConfig(watchdogSoft, watchdogHard);
    }

    /** The file of tenants, if there is one. */
    Optional<TenantsFile> tenants() {
        return Optional.ofNullable(tenants).map(file -> new TenantsFile(file, mostTenants()));
    }

    private TenancyConfig tenancy() {
        return tenants().map(TenantsFile::read).orElseGet(() -> new TenancyConfig(Map.of(), Map.of(), mostTenants()));
    }

    private OptionalInt mostTenants() {
        return maxTenants == null ? OptionalInt.empty() : OptionalInt.of(maxTenants);
    }

    /** The ring has room for every admitted text. */
    private LoadConfig load() {
        LoadConfig load = DEFAULT.load();
        return load.holding(maxRequests == null ? load.maxRequests() : maxRequests, maxTokens);
    }

    /** The configuration for an engine: room for several batches in each lane, unless the operator chose the room. */
    ServerConfig roomFor(EngineSettings engine, ServerConfig config) {
        if (maxRequests != null) {
            return config;
        }
        long running = (long) engine.lanes() * engine.limits().maxRows();
        LoadConfig load = config.load();
        long room = Math.max(load.maxRequests(), BATCHES_IN_FLIGHT * running);
        return config.withLoad(load.holding((int) Math.min(LoadConfig.MOST_REQUESTS, room), load.maxTokens()));
    }
}
