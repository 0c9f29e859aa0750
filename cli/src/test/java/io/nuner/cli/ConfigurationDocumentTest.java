package io.nuner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.cli.common.Durations;
import io.nuner.client.ClientConfig;
import io.nuner.client.ExtractionOptions;
import io.nuner.server.config.LoadConfig;
import io.nuner.server.texts.RequestLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Compares {@code docs/configuration.md} with the commands: options, environment variables and defaults. */
class ConfigurationDocumentTest {
    private static final Path DOCUMENT = Path.of("../docs/configuration.md");

    /** Such as {@code | `--port N` | `NUNER_PORT` | 8001 |}. */
    private static final Pattern ROW =
            Pattern.compile("\\| `(--(?:\\[no-])?[a-z-]+)[^|]*\\| `(\\w+)` \\| ([^|]*)\\|.*");

    private static final Pattern AS_FOR = Pattern.compile("as for (\\w+)");
    private static final Pattern DEFAULT_IN_WORDS = Pattern.compile("Default: (.+?)[.;](?: |$)");

    @ParameterizedTest
    @MethodSource("commands")
    void everyOptionIsDocumentedWithItsVariableAndDefault(String command) throws IOException {
        assertThat(documented(command)).isEqualTo(stated(command));
    }

    @Test
    void optionsHaveTheDefaultsOfTheLibraries() {
        assertThat(new Durations().convert(option("nuner extract", "--timeout").defaultValue()))
                .isEqualTo(ClientConfig.DEFAULT_TIMEOUT);
        assertThat(option("nuner extract", "--threshold").defaultValue())
                .isEqualTo("" + ExtractionOptions.DEFAULTS.decoding().getThreshold());
        assertThat(option("nuner plan", "--max-requests").defaultValue())
                .isEqualTo("" + LoadConfig.DEFAULT.maxRequests());
        assertThat(option("nuner engine build", "--max-labels").defaultValue())
                .isEqualTo("" + RequestLimits.DEFAULT.maxLabels());
    }

    /** The names of all commands that do something. */
    private static List<String> commands() {
        return leaves(Nuner.commands()).map(CommandSpec::qualifiedName).toList();
    }

    private static Stream<CommandSpec> leaves(CommandLine command) {
        return command.getSubcommands().isEmpty()
                ? Stream.of(command.getCommandSpec())
                : command.getSubcommands().values().stream().flatMap(ConfigurationDocumentTest::leaves);
    }

    private static List<OptionSpec> options(String command) {
        return leaves(Nuner.commands())
                .filter(spec -> spec.qualifiedName().equals(command))
                .flatMap(spec -> spec.options().stream())
                .filter(option -> !option.usageHelp() && !option.versionHelp())
                .toList();
    }

    private static OptionSpec option(String command, String name) {
        return options(command).stream()
                .filter(option -> option.longestName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Variable and default by option, as the command has them. */
    private static Map<String, String> stated(String command) {
        Map<String, String> stated = new TreeMap<>();
        for (OptionSpec option : options(command)) {
            String variable = EnvironmentDefaults.variable(option.longestName());
            stated.put(written(option), variable + " " + defaultOf(option));
        }
        return stated;
    }

    private static String written(OptionSpec option) {
        return option.negatable() ? option.longestName().replace("--", "--[no-]") : option.longestName();
    }

    private static String defaultOf(OptionSpec option) {
        boolean isSwitch = option.type() == boolean.class;
        Matcher words = DEFAULT_IN_WORDS.matcher(String.join(" ", option.description()));
        if (option.required()) {
            return "required";
        }
        if (isSwitch) {
            return Boolean.parseBoolean(option.defaultValue()) ? "on" : "off";
        }
        if (option.defaultValue() != null) {
            return option.defaultValue();
        }
        return words.find() ? words.group(1) : "";
    }

    /** Variable and default by option, as the document's section about the command has them. */
    private static Map<String, String> documented(String command) throws IOException {
        Map<String, String> documented = new TreeMap<>();
        for (String line : section(command)) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                String name = row.group(1);
                documented.put(name, row.group(2) + " " + resolved(name, row.group(3)));
            }
        }
        return documented;
    }

    private static String resolved(String name, String cell) {
        String plain = cell.replace("`", "").strip();
        Matcher asFor = AS_FOR.matcher(plain);
        return asFor.matches() ? defaultOf(option("nuner " + asFor.group(1), name)) : plain;
    }

    private static List<String> section(String command) throws IOException {
        List<String> section = new ArrayList<>();
        boolean within = false;
        for (String line : Files.readAllLines(DOCUMENT)) {
            if (line.startsWith("## ")) {
                within = line.equals("## " + command);
            } else if (within) {
                section.add(line);
            }
        }
        return section;
    }
}
