package io.nuner.cli.eval;

import io.nuner.cli.common.CommandFailure;
import io.nuner.cli.common.HostAndPort;
import io.nuner.cli.common.Identity;
import io.nuner.cli.common.ServerAddress;
import io.nuner.cli.model.CacheOption;
import io.nuner.cli.model.ModelDirectory;
import io.nuner.cli.model.ProgressingExporter;
import io.nuner.cli.model.WeightsOption;
import io.nuner.cli.serve.LocalServer;
import io.nuner.client.ClientConfig;
import io.nuner.model.accuracy.LossPolicy;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of {@code nuner eval} that say which server to ask, or which two. */
final class SideOptions {
    private static final String TARGET = "--target";
    private static final String COMPARE = "--compare";

    @Option(
            names = {"-t", TARGET},
            defaultValue = "localhost:8001",
            paramLabel = "SERVER",
            description = {
                "The server, HOST:PORT, an IPv6 address in brackets; or the directory of an exported model or a checkpoint,",
                "which is then served on the CPU of this machine meanwhile. Default: ${DEFAULT-VALUE}."
            })
    private String target = "";

    @Option(
            names = COMPARE,
            paramLabel = "SERVER",
            description = {
                "Another server or directory, which is asked the same side by side: prints both, the differences with",
                "intervals, and how far they find the same."
            })
    private @Nullable String compare;

    @Option(names = "--tls", fallbackValue = "true", description = "Encrypt the connections.")
    private boolean tls;

    @Mixin
    private Identity identity = new Identity();

    @Mixin
    private CacheOption cache = new CacheOption();

    /** What is asked. */
    SideOption target() {
        return SideOption.of(TARGET, target);
    }

    /** What is asked beside it, if anything is. */
    Optional<SideOption> compared() {
        return Optional.ofNullable(compare).map(value -> SideOption.of(COMPARE, value));
    }

    /**
     * Checks all of them.
     *
     * @throws IllegalArgumentException naming the option that cannot be used
     */
    void check(Duration timeout) {
        target().server().ifPresent(address -> config(address, timeout));
        compared().flatMap(SideOption::server).ifPresent(address -> config(address, timeout));
    }

    /**
     * Opens a side.
     *
     * @param timeout of one call
     * @param err where the progress of an export is shown
     */
    OpenSide open(SideOption side, Duration timeout, Map<String, String> environment, PrintWriter err)
            throws CommandFailure {
        if (side.server().isPresent()) {
            return OpenSide.of(config(side.server().get(), timeout));
        }
        Path cacheDirectory = cache.directory(environment); // before anything native is loaded
        LocalServer server = LocalServer.start(
                ModelDirectory.open(
                        side.option(),
                        side.directory(),
                        new ProgressingExporter(err).cache(cacheDirectory, err::println, LossPolicy.ACCEPT),
                        new WeightsOption()),
                cacheDirectory);
        return OpenSide.of(server, timeout);
    }

    private ClientConfig config(HostAndPort address, Duration timeout) {
        return ServerAddress.config(address, tls, timeout, identity);
    }
}
