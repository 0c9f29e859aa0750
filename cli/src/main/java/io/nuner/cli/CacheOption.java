package io.nuner.cli;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option of all commands that keep models. */
final class CacheOption {
    @Option(
            names = "--cache",
            paramLabel = "DIR",
            description =
                    "Where fetched and exported models are kept. Default: $XDG_CACHE_HOME/nuner or ~/.cache/nuner.")
    private @Nullable Path cache;

    /** The directory asked for, or else the default one. */
    Path directory(Map<String, String> environment) {
        return cache == null ? ModelCache.defaultDirectory(environment, System.getProperty("user.home", ".")) : cache;
    }
}
