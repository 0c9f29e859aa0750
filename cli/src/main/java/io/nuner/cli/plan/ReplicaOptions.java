package io.nuner.cli.plan;

import io.nuner.capacity.Replica;
import io.nuner.capacity.ServerCosts;
import io.nuner.cli.common.Durations;
import io.nuner.cli.common.Percentages;
import io.nuner.cli.engine.BatchOptions;
import io.nuner.cli.serve.EngineOptions;
import io.nuner.cli.serve.TenantsFile;
import io.nuner.server.batching.AdmissionGate;
import io.nuner.server.config.LoadConfig;
import io.nuner.server.config.QueueConfig;
import io.nuner.server.config.ServerConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of {@code nuner plan} that say what one replica is like. */
final class ReplicaOptions {
    private static final ServerConfig DEFAULT = ServerConfig.DEFAULT;

    @Option(
            names = "--lanes",
            defaultValue = "0",
            paramLabel = "N",
            description = "Batches that run at the same time; 0 takes the server's. Default: ${DEFAULT-VALUE}.")
    private int lanes;

    @Option(
            names = "--max-requests",
            paramLabel = "N",
            description = "As for serve: texts taken on and not yet answered. Default: 512.")
    private int maxRequests = DEFAULT.load().maxRequests();

    @Option(names = "--max-tokens", paramLabel = "N", description = "As for serve: tokens of those. Default: 262144.")
    private long maxTokens = DEFAULT.load().maxTokens();

    @Option(
            names = "--queue-delay",
            defaultValue = "auto",
            converter = DelayOption.class,
            paramLabel = "TIME",
            description = "As for serve: how long a queue may stand, or auto. Default: ${DEFAULT-VALUE}.")
    private Duration queueDelay = DEFAULT.queue().delay();

    @Option(
            names = "--bulk-aging",
            converter = Durations.class,
            paramLabel = "TIME",
            description = "As for serve: when a bulk text is treated like an interactive one. Default: 2s.")
    private Duration bulkAging = DEFAULT.queue().bulkAging();

    @Option(
            names = "--max-linger",
            converter = Durations.class,
            paramLabel = "TIME",
            description = "As for serve: longest wait for further texts. Default: 2ms.")
    private Duration maxLinger = DEFAULT.queue().maxLinger();

    @Option(
            names = "--tenants",
            paramLabel = "FILE",
            description = "As for serve: lines of NAME WEIGHT [SHA256-OF-KEY]. Default: all have weight 1.")
    private @Nullable Path tenants;

    @Option(
            names = "--overhead",
            defaultValue = "1ms",
            converter = Durations.class,
            paramLabel = "TIME",
            description =
                    "Of each text outside the batcher: transport, tokenizing, decoding. Default: ${DEFAULT-VALUE}.")
    private Duration overhead = Duration.ZERO;

    @Option(
            names = "--handover",
            defaultValue = "500us",
            converter = Durations.class,
            paramLabel = "TIME",
            description = "Of each batch, while a lane takes it and reports itself free. Default: ${DEFAULT-VALUE}.")
    private Duration handover = Duration.ZERO;

    @Option(
            names = "--jitter",
            defaultValue = "5%",
            converter = Percentages.class,
            paramLabel = "SHARE",
            description =
                    "By how much times of equal batches differ, as a standard deviation. Default: ${DEFAULT-VALUE}.")
    private double jitter;

    /** A replica on the engine whose costs are given; what is wrong is named by an IllegalArgumentException. */
    Replica replica(ServerCosts costs) {
        int longest = costs.limits().maxRowTokens();
        require("max-requests", "at least 1", maxRequests >= 1, maxRequests);
        require(
                "max-requests",
                "at most " + LoadConfig.MOST_REQUESTS,
                maxRequests <= LoadConfig.MOST_REQUESTS,
                maxRequests);
        require("max-tokens", "at least one text: " + longest, maxTokens >= longest, maxTokens);
        BatchOptions.requireWithin(0, EngineOptions.MOST_LANES, "lanes", lanes);
        QueueConfig queue = new QueueConfig(queueDelay, bulkAging, maxLinger);
        int batches = lanes == 0 ? costs.lanes() : lanes;
        return new Replica(
                queue.policy(costs.limits(), costs.costs(), batches),
                new AdmissionGate.Limits(maxRequests, maxTokens, queue.delayNanos(costs.costs(), costs.limits())),
                weights(),
                new Replica.Surroundings(overhead.toNanos(), handover.toNanos(), jitter));
    }

    private Map<String, Integer> weights() {
        return tenants == null
                ? Map.of()
                : new TenantsFile(tenants, OptionalInt.of(0)).read().weights();
    }

    private static void require(String key, String rule, boolean holds, Object value) {
        if (!holds) {
            throw new IllegalArgumentException(key + " must be " + rule + ", but was " + value);
        }
    }
}
