package io.nuner.cli.serve;

import io.nuner.cli.common.Durations;
import io.nuner.server.answers.AnswerLimits;
import java.time.Duration;
import picocli.CommandLine.Option;

/** The options of {@code nuner serve} that concern the size of answers and how many of them may be unsent. */
final class AnswerOptions {
    @Option(
            names = "--max-entities",
            defaultValue = "10000",
            paramLabel = "N",
            description = "Entities of one text. Default: ${DEFAULT-VALUE}.")
    private int maxEntities;

    @Option(
            names = "--max-answer-bytes",
            defaultValue = "3145728",
            paramLabel = "N",
            description = "Size of one answer. Default: ${DEFAULT-VALUE}.")
    private int maxBytes;

    @Option(
            names = "--max-unsent-bytes",
            defaultValue = "67108864",
            paramLabel = "N",
            description = "What answers may hold until they have left. Default: ${DEFAULT-VALUE}.")
    private long allBytes;

    @Option(
            names = "--max-unsent-bytes-per-address",
            defaultValue = "33554432",
            paramLabel = "N",
            description = "The same for all connections of one address. Default: ${DEFAULT-VALUE}.")
    private long peerBytes;

    @Option(
            names = "--max-unsent-bytes-per-connection",
            defaultValue = "4194304",
            paramLabel = "N",
            description = "A connection that has more and does not read gets no new work. Default: ${DEFAULT-VALUE}.")
    private long connectionBytes;

    @Option(
            names = "--unsent-time",
            defaultValue = "30s",
            converter = Durations.class,
            paramLabel = "TIME",
            description = "A connection of which no answer leaves for so long is closed. Default: ${DEFAULT-VALUE}.")
    private Duration patience = Duration.ZERO;

    AnswerLimits limits() {
        return new AnswerLimits(maxEntities, maxBytes, connectionBytes, peerBytes, allBytes, patience);
    }
}
