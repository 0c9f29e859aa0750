package io.nuner.cli.serve;

import io.nuner.cli.common.Durations;
import io.nuner.server.answers.StreamLimits;
import java.time.Duration;
import picocli.CommandLine.Option;

/** The options of {@code nuner serve} that concern calls of several messages. */
final class StreamingOptions {
    @Option(
            names = "--max-stream-texts",
            defaultValue = "64",
            paramLabel = "N",
            description =
                    "Texts of one ExtractStream call that are read and not yet answered. Default: ${DEFAULT-VALUE}.")
    private int maxTexts;

    @Option(
            names = "--stream-idle",
            defaultValue = "5m",
            converter = Durations.class,
            paramLabel = "TIME",
            description =
                    "An ExtractStream call whose client sends nothing for so long ends. Default: ${DEFAULT-VALUE}.")
    private Duration idle = Duration.ZERO;

    @Option(
            names = "--stream-stall",
            defaultValue = "2m",
            converter = Durations.class,
            paramLabel = "TIME",
            description = "A stream of whose answers nothing leaves for so long ends. Default: ${DEFAULT-VALUE}.")
    private Duration stall = Duration.ZERO;

    StreamLimits limits() {
        return new StreamLimits(maxTexts, idle, stall);
    }
}
