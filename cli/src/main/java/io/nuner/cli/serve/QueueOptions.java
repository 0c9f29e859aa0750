package io.nuner.cli.serve;

import io.nuner.cli.common.Durations;
import io.nuner.server.config.QueueConfig;
import io.nuner.server.config.TenantsFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options of a server that concern waiting texts. {@code nuner serve} and {@code nuner plan} have them. */
public final class QueueOptions {
    @Option(
            names = "--max-tokens",
            defaultValue = "262144",
            paramLabel = "N",
            description = "Tokens of texts taken on and not yet answered; more are refused. Default: ${DEFAULT-VALUE}.")
    private long maxTokens;

    @Option(
            names = "--queue-delay",
            defaultValue = Delay.AUTO,
            converter = Delay.class,
            paramLabel = "TIME",
            description =
                    "How long a queue may stand before new texts are refused, or auto. Default: ${DEFAULT-VALUE}.")
    private Duration queueDelay = Duration.ZERO;

    @Option(
            names = "--bulk-aging",
            defaultValue = "2s",
            converter = Durations.class,
            paramLabel = "TIME",
            description =
                    "After this time a waiting bulk text is treated like an interactive one. Default: ${DEFAULT-VALUE}.")
    private Duration bulkAging = Duration.ZERO;

    @Option(
            names = "--max-linger",
            defaultValue = "2ms",
            converter = Durations.class,
            paramLabel = "TIME",
            description = "Longest wait for further texts where the costs say that it pays; 0s never."
                    + " Default: ${DEFAULT-VALUE}.")
    private Duration maxLinger = Duration.ZERO;

    @Option(
            names = "--tenants",
            paramLabel = "FILE",
            description = "Tenants: lines of NAME WEIGHT [SHA256-OF-KEY]. Default: all have weight 1 and no key.")
    private @Nullable Path tenants;

    public long maxTokens() {
        return maxTokens;
    }

    public QueueConfig queue() {
        return new QueueConfig(queueDelay, bulkAging, maxLinger);
    }

    /**
     * The file of tenants, if there is one.
     *
     * @param maxNames as {@code TenancyConfig} has it
     */
    public Optional<TenantsFile> tenants(OptionalInt maxNames) {
        return Optional.ofNullable(tenants).map(file -> new TenantsFile(file, maxNames));
    }

    /** Reads a duration of more than zero, or {@code auto}, which is {@link Duration#ZERO}. */
    static final class Delay implements ITypeConverter<Duration> {
        static final String AUTO = "auto";

        @Override
        public Duration convert(String value) {
            if (value.equals(AUTO)) {
                return Duration.ZERO;
            }
            Duration delay = new Durations().convert(value);
            if (delay.isZero()) {
                throw new TypeConversionException("must be longer than zero, or auto, but was " + value);
            }
            return delay;
        }
    }
}
