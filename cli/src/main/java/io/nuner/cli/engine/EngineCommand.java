package io.nuner.cli.engine;

import io.nuner.cli.common.Environment;
import io.nuner.cli.common.Version;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code nuner engine}: the engines, and models compiled for them. */
@Command(
        name = "engine",
        description = "Lists the engines, compiles a model for one, or unpacks their native libraries.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = {EngineListCommand.class, EngineBuildCommand.class, EngineUnpackCommand.class})
public final class EngineCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private Environment environment;

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "list, build or unpack is missing");
    }

    Map<String, String> environment() {
        return environment.variables();
    }
}
