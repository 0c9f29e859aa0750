package io.nuner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.cli.bench.BenchCommand;
import io.nuner.cli.engine.EngineBuildCommand;
import io.nuner.cli.eval.EvalCommand;
import io.nuner.cli.extract.ExtractCommand;
import io.nuner.cli.model.ExportCommand;
import io.nuner.cli.model.FetchCommand;
import io.nuner.cli.plan.PlanCommand;
import io.nuner.cli.serve.ServeCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

class ConfigurationDocumentTest {
    @ParameterizedTest
    @ValueSource(
            classes = {
                ServeCommand.class,
                ExportCommand.class,
                ExtractCommand.class,
                EvalCommand.class,
                BenchCommand.class,
                FetchCommand.class,
                PlanCommand.class,
                EngineBuildCommand.class
            })
    void everyOptionIsExplained(Class<?> command) throws IOException {
        String document = Files.readString(Path.of("../docs/configuration.md"));

        List<String> unexplained = new CommandLine(command)
                .getCommandSpec().options().stream()
                        .filter(option -> !option.usageHelp() && !option.versionHelp())
                        .map(ConfigurationDocumentTest::written)
                        .filter(option -> !document.contains("| `" + option))
                        .toList();

        assertThat(unexplained).isEmpty();
    }

    private static String written(OptionSpec option) {
        return option.negatable() ? option.longestName().replace("--", "--[no-]") : option.longestName();
    }
}
