package io.nuner.cli.plan;

import io.nuner.capacity.Replica;
import io.nuner.capacity.ServerCosts;
import io.nuner.cli.common.Durations;
import io.nuner.cli.common.Percentages;
import io.nuner.cli.engine.BatchOptions;
import io.nuner.cli.serve.EngineOptions;
import io.nuner.cli.serve.QueueOptions;
import io.nuner.server.batching.AdmissionGate;
import io.nuner.server.config.LoadConfig;
import io.nuner.server.config.QueueConfig;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of {@code nuner plan} that say what one replica is like. */
final class ReplicaOptions {
    @Option(
            names = "--lanes",
            defaultValue = "0",
            paramLabel = "N",
            description = "Batches that run at the same time; 0 takes the server's. Default: ${DEFAULT-VALUE}.")
    private int lanes;

    @Option(
            names = "--max-requests",
            defaultValue = "512",
            paramLabel = "N",
            description = "As for serve: texts taken on and not yet answered. Default: ${DEFAULT-VALUE}.")
    private int maxRequests;

    @Mixin
    private QueueOptions waiting = new QueueOptions();

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
        require("--max-requests", "at least 1", maxRequests >= 1, maxRequests);
        require(
                "--max-requests",
                "at most " + LoadConfig.MOST_REQUESTS,
                maxRequests <= LoadConfig.MOST_REQUESTS,
                maxRequests);
        long maxTokens = waiting.maxTokens();
        require("--max-tokens", "at least one text: " + longest, maxTokens >= longest, maxTokens);
        BatchOptions.requireWithin(0, EngineOptions.MOST_LANES, "--lanes", lanes);
        QueueConfig queue = waiting.queue();
        int batches = lanes == 0 ? costs.lanes() : lanes;
        return new Replica(
                queue.policy(costs.limits(), costs.costs(), batches),
                new AdmissionGate.Limits(maxRequests, maxTokens, queue.delayNanos(costs.costs(), costs.limits())),
                weights(),
                new Replica.Surroundings(overhead.toNanos(), handover.toNanos(), jitter));
    }

    private Map<String, Integer> weights() {
        return waiting.tenants(OptionalInt.of(0))
                .map(file -> file.read().weights())
                .orElse(Map.of());
    }

    private static void require(String option, String rule, boolean holds, Object value) {
        if (!holds) {
            throw new IllegalArgumentException(option + " must be " + rule + ", but was " + value);
        }
    }
}
