package io.nuner.cli;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Takes what the command line leaves out from the environment: {@code --offset-unit} is {@code NUNER_OFFSET_UNIT}. */
final class EnvironmentDefaults implements IDefaultValueProvider {
    private final Map<String, String> environment;

    EnvironmentDefaults(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    @Override
    public @Nullable String defaultValue(ArgSpec argument) {
        if (argument instanceof OptionSpec option && !option.usageHelp() && !option.versionHelp()) {
            return environment.get(variable(option.longestName()));
        }
        return null;
    }

    /** The environment variable of an option given by its long name. */
    static String variable(String option) {
        return "NUNER_"
                + option.substring("--".length()).toUpperCase(Locale.ROOT).replace('-', '_');
    }
}
