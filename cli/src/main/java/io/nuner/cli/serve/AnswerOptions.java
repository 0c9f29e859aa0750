package io.nuner.cli.serve;

import io.nuner.cli.common.Durations;
import io.nuner.server.answers.AnswerLimits;
import java.time.Duration;
import picocli.CommandLine.Option;

/** The options of {@code nuner serve} that concern the size of answers and how many of them may be unsent. */
final class AnswerOptions {
    private static final AnswerLimits DEFAULT = AnswerLimits.DEFAULT;

    @Option(names = "--max-entities", paramLabel = "N", description = "Entities of one text. Default: 10000.")
    private int maxEntities = DEFAULT.maxEntities();

    @Option(names = "--max-answer-bytes", paramLabel = "N", description = "Size of one answer. Default: 3145728.")
    private int maxBytes = DEFAULT.maxBytes();

    @Option(
            names = "--max-unsent-bytes",
            paramLabel = "N",
            description = "What answers may hold until they have left. Default: 67108864.")
    private long allBytes = DEFAULT.allBytes();

    @Option(
            names = "--max-unsent-bytes-per-address",
            paramLabel = "N",
            description = "The same for all connections of one address. Default: 33554432.")
    private long peerBytes = DEFAULT.peerBytes();

    @Option(
            names = "--max-unsent-bytes-per-connection",
            paramLabel = "N",
            description = "A connection that has more and does not read gets no new work. Default: 4194304.")
    private long connectionBytes = DEFAULT.connectionBytes();

    @Option(
            names = "--unsent-time",
            converter = Durations.class,
            paramLabel = "TIME",
            description = "A connection of which no answer leaves for so long is closed. Default: 30s.")
    private Duration patience = DEFAULT.patience();

    AnswerLimits limits() {
        return new AnswerLimits(maxEntities, maxBytes, connectionBytes, peerBytes, allBytes, patience);
    }
}
