package io.nuner.cli.serve;

import io.nuner.cli.common.Durations;
import io.nuner.engine.EngineSettings;
import io.nuner.server.config.DrainConfig;
import io.nuner.server.config.LoadConfig;
import io.nuner.server.config.MetricsConfig;
import io.nuner.server.config.ServerConfig;
import io.nuner.server.config.ServerConfig.Reflection;
import io.nuner.server.config.TenancyConfig;
import io.nuner.server.config.TenantsFile;
import io.nuner.server.config.WatchdogConfig;
import io.nuner.server.texts.CallDeadline;
import io.nuner.server.texts.RequestLimits;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of {@code nuner serve} that concern the server. Their defaults equal those of {@link ServerConfig}. */
final class ServerOptions {
    @Option(
            names = "--host",
            defaultValue = "127.0.0.1",
            paramLabel = "ADDRESS",
            description = "Address to listen on. Default: ${DEFAULT-VALUE}.")
    private String host = "";

    @Option(
            names = "--port",
            defaultValue = "8001",
            paramLabel = "N",
            description = "TCP port; 0 takes a free one. Default: ${DEFAULT-VALUE}.")
    private int port;

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
            defaultValue = "8002",
            paramLabel = "N",
            description = "TCP port of metrics and health; 0 takes a free one. Default: ${DEFAULT-VALUE}.")
    private int metricsPort;

    @Option(
            names = "--max-requests",
            paramLabel = "N",
            description = "Texts taken on and not yet answered; more are refused. Default: 512, or as many as fill the"
                    + " engine's lanes four times if that is more.")
    private @Nullable Integer maxRequests;

    @Option(
            names = "--max-message-bytes",
            defaultValue = "2097152",
            paramLabel = "N",
            description = "Size of one message. Default: ${DEFAULT-VALUE}.")
    private int maxMessageBytes;

    @Option(
            names = "--max-text-bytes",
            defaultValue = "1048576",
            paramLabel = "N",
            description = "UTF-8 size of one text. Default: ${DEFAULT-VALUE}.")
    private int maxTextBytes;

    @Option(
            names = "--max-labels",
            defaultValue = "100",
            paramLabel = "N",
            description = "Labels of one request. Default: ${DEFAULT-VALUE}.")
    private int maxLabels;

    @Option(
            names = "--max-label-bytes",
            defaultValue = "256",
            paramLabel = "N",
            description = "UTF-8 size of one label. Default: ${DEFAULT-VALUE}.")
    private int maxLabelBytes;

    @Option(
            names = "--max-texts",
            defaultValue = "32",
            paramLabel = "N",
            description = "Texts of one ExtractBatch call. Default: ${DEFAULT-VALUE}.")
    private int maxTexts;

    @Mixin
    private LongTextOptions longTexts = new LongTextOptions();

    @Mixin
    private QueueOptions queue = new QueueOptions();

    @Option(
            names = "--max-tenants",
            paramLabel = "N",
            description = "Tenants told apart beyond those of the file; more share one. Default: 1000, or 0 if the file"
                    + " has a key; then callers without a name share, too.")
    private @Nullable Integer maxTenants;

    @Option(
            names = "--deadline-unset",
            defaultValue = "10s",
            converter = Durations.class,
            paramLabel = "TIME",
            description = "Deadline of calls that have none. Default: ${DEFAULT-VALUE}.")
    private Duration deadlineUnset = Duration.ZERO;

    @Option(
            names = "--deadline-longest",
            defaultValue = "60s",
            converter = Durations.class,
            paramLabel = "TIME",
            description = "Longest deadline of a call. Default: ${DEFAULT-VALUE}.")
    private Duration deadlineLongest = Duration.ZERO;

    @Option(
            names = "--calibration",
            defaultValue = "1s",
            converter = Durations.class,
            paramLabel = "TIME",
            description =
                    "How long the engine's latency is measured at start, about; 0s measures little. Default: ${DEFAULT-VALUE}.")
    private Duration calibration = Duration.ZERO;

    @Option(
            names = "--drain-notice",
            defaultValue = "5s",
            converter = Durations.class,
            paramLabel = "TIME",
            description =
                    "Time between reporting NOT_SERVING and refusing new calls when stopping. Default: ${DEFAULT-VALUE}.")
    private Duration drainNotice = Duration.ZERO;

    @Option(
            names = "--drain-grace",
            defaultValue = "25s",
            converter = Durations.class,
            paramLabel = "TIME",
            description = "Time that calls in flight then have. Default: ${DEFAULT-VALUE}.")
    private Duration drainGrace = Duration.ZERO;

    @Option(
            names = "--engine-slow",
            defaultValue = "5s",
            converter = Durations.class,
            paramLabel = "TIME",
            description =
                    "A run of the engine this long makes the server NOT_SERVING until it ends. Default: ${DEFAULT-VALUE}.")
    private Duration watchdogSoft = Duration.ZERO;

    @Option(
            names = "--engine-hung",
            defaultValue = "20s",
            converter = Durations.class,
            paramLabel = "TIME",
            description = "A run of the engine this long is given up. Default: ${DEFAULT-VALUE}.")
    private Duration watchdogHard = Duration.ZERO;

    @Mixin
    private AnswerOptions answers = new AnswerOptions();

    @Mixin
    private StreamingOptions streams = new StreamingOptions();

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
                RequestLimits.DEFAULT.maxRequestIdBytes());
        return ServerConfig.builder()
                .host(host)
                .port(port)
                .reflection(Reflection.of(reflection))
                .transport(transport.config())
                .requests(requests)
                .answers(answers.limits())
                .streams(streams.limits())
                .longTexts(longTexts.texts())
                .load(load())
                .calibration(calibration)
                .queue(queue.queue())
                .tenancy(tenancy())
                .deadline(new CallDeadline(deadlineUnset, deadlineLongest))
                .watchdog(watchdog())
                .drain(new DrainConfig(drainNotice, drainGrace))
                .metrics(metrics ? MetricsConfig.on(metricsPort) : MetricsConfig.OFF)
                .build();
    }

    /** Checked here, because the options have other names than the components. */
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
        return queue.tenants(mostTenants());
    }

    private TenancyConfig tenancy() {
        return tenants().map(TenantsFile::read).orElseGet(() -> new TenancyConfig(Map.of(), Map.of(), mostTenants()));
    }

    private OptionalInt mostTenants() {
        return maxTenants == null ? OptionalInt.empty() : OptionalInt.of(maxTenants);
    }

    /** The ring has room for every admitted text. */
    private LoadConfig load() {
        LoadConfig load = LoadConfig.DEFAULT;
        return load.holding(maxRequests == null ? load.maxRequests() : maxRequests, queue.maxTokens());
    }

    /** The configuration for an engine: room for several batches in each lane, unless the operator chose the room. */
    ServerConfig roomFor(EngineSettings engine, ServerConfig config) {
        return maxRequests == null
                ? config.toBuilder().load(config.load().roomFor(engine)).build()
                : config;
    }
}
