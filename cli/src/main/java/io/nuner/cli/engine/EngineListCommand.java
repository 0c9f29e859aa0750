package io.nuner.cli.engine;

import io.nuner.cli.common.CommandFailure;
import io.nuner.cli.common.ExitCode;
import io.nuner.cli.common.Version;
import io.nuner.cli.model.CacheOption;
import io.nuner.engine.EngineProvider;
import io.nuner.engine.EngineProvider.Availability;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code nuner engine list}: which engines there are and whether they can run here. */
@Command(
        name = "list",
        description = "Lists the engines, the preferred ones first, and says whether they can run here.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class EngineListCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private EngineCommand parent;

    @Mixin
    private CacheOption cache = new CacheOption();

    @Override
    public Integer call() throws CommandFailure {
        cache.directory(parent.environment());
        PrintWriter out = spec.commandLine().getOut();
        for (EngineProvider provider : EngineChoice.installed()) {
            Availability availability = provider.availability();
            String usable = availability.usable() ? "usable" : "not usable";
            out.println(String.format(Locale.ROOT, "%-10s %-10s  %s", provider.name(), usable, availability.reason()));
        }
        return ExitCode.OK;
    }
}
