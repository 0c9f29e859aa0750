package io.nuner.cli.serve;

import io.nuner.cli.common.CommandFailure;
import io.nuner.cli.common.ExitCode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The small checkpoint that comes with the program and is served where no {@code --model} is given. */
public final class DemoModel {
    /** System property set by the launcher: the directory that holds {@code model/demo}. */
    public static final String HOME = "nuner.home";

    private DemoModel() {}

    /**
     * The checkpoint's directory.
     *
     * @param home value of {@link #HOME}, null where the launcher did not set it
     * @throws CommandFailure if it is not there
     */
    static Path directory(@Nullable String home) throws CommandFailure {
        if (home == null) {
            throw new CommandFailure(
                    ExitCode.USAGE, "--model is needed: this program was not started by the launcher ./nuner");
        }
        Path directory = Path.of(home, "model", "demo");
        if (!Files.isDirectory(directory)) {
            throw new CommandFailure(ExitCode.USAGE, "--model is needed: there is no demo model at " + directory);
        }
        return directory;
    }
}
