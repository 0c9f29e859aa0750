package io.nuner.cli.model;

import io.nuner.cli.common.CommandFailure;
import io.nuner.cli.common.ExitCode;
import io.nuner.engine.natives.LibraryStore;
import io.nuner.files.CacheDirectory;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of all commands that keep models or load native libraries. */
public final class CacheOption {
    @Option(
            names = "--cache",
            paramLabel = "DIR",
            description = "Where fetched and exported models and unpacked native libraries are kept. Default:"
                    + " $XDG_CACHE_HOME/nuner or ~/.cache/nuner.")
    private @Nullable Path cache;

    @Option(
            names = "--native-libraries",
            paramLabel = "DIR",
            description = "Load native libraries from here, where nuner engine unpack put them, and unpack none."
                    + " Default: native in the cache.")
    private @Nullable Path nativeLibraries;

    /**
     * The directory of {@code --cache}, or else the default one. Also sets the directory that native libraries are loaded from.
     *
     * @throws CommandFailure if none was asked for and there is no default
     */
    public Path directory(Map<String, String> environment) throws CommandFailure {
        Path directory = cache == null ? byDefault(environment) : cache;
        System.setProperty(CacheDirectory.PROPERTY, directory.toString());
        if (nativeLibraries != null) {
            System.setProperty(LibraryStore.GIVEN_PROPERTY, nativeLibraries.toString());
        }
        return directory;
    }

    private static Path byDefault(Map<String, String> environment) throws CommandFailure {
        return CacheDirectory.of(environment, System.getProperty("user.home", ""))
                .orElseThrow(() -> new CommandFailure(
                        ExitCode.USAGE, "--cache is needed: this user has no home directory, and HOME names none"));
    }
}
