package io.nuner.cli.engine;

import io.nuner.cli.common.CommandFailure;
import io.nuner.cli.common.ExitCode;
import io.nuner.cli.common.Version;
import io.nuner.engine.EngineProvider;
import io.nuner.engine.natives.LibraryBundle;
import io.nuner.engine.natives.LibraryStore;
import io.nuner.engine.natives.NativeLibraryException;
import io.nuner.model.encode.TokenizerLibrary;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code nuner engine unpack}: native libraries for an image, so that a server that starts later need not unpack any. */
@Command(
        name = "unpack",
        description = {
            "Unpacks the native libraries of this program into a directory, for nuner serve --native-libraries.",
            "The directory may then be made read-only; it must belong to root or to the user that serves."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class EngineUnpackCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "The directory to fill. What it holds of the same libraries is written anew.")
    private Path out = Path.of("");

    @Override
    public Integer call() throws CommandFailure {
        for (LibraryBundle bundle : bundles()) {
            try {
                spec.commandLine().getOut().println(LibraryStore.fill(out, bundle));
            } catch (NativeLibraryException e) {
                throw new CommandFailure(ExitCode.FAILED, "--out: " + e.getMessage(), e);
            }
        }
        return ExitCode.OK;
    }

    private static List<LibraryBundle> bundles() throws CommandFailure {
        List<LibraryBundle> bundles = new ArrayList<>();
        try {
            bundles.add(TokenizerLibrary.bundle());
            for (EngineProvider provider : EngineChoice.installed()) {
                bundles.addAll(provider.libraries());
            }
        } catch (NativeLibraryException e) {
            throw new CommandFailure(ExitCode.NO_ENGINE, String.valueOf(e.getMessage()), e);
        }
        return bundles;
    }
}
