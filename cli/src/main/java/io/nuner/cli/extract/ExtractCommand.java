package io.nuner.cli.extract;

import io.nuner.cli.common.CommandFailure;
import io.nuner.cli.common.DecodingOptions;
import io.nuner.cli.common.Durations;
import io.nuner.cli.common.ExitCode;
import io.nuner.cli.common.Identity;
import io.nuner.cli.common.OptionNames;
import io.nuner.cli.common.ServerAddress;
import io.nuner.cli.common.Stripped;
import io.nuner.cli.common.Version;
import io.nuner.client.ClientConfig;
import io.nuner.client.Extraction;
import io.nuner.client.ExtractionClient;
import io.nuner.client.ExtractionException;
import io.nuner.client.ExtractionOptions;
import io.nuner.client.Outcome;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code nuner extract}: asks a running server. */
@Command(
        name = "extract",
        description = "Finds entities by asking a running server.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
public final class ExtractCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(paramLabel = "TEXT", description = "Texts to search. None and no --file: standard input is one text.")
    private List<String> texts = List.of();

    @Option(
            names = {"-l", "--label"},
            required = true,
            split = ",",
            converter = Stripped.class,
            paramLabel = "LABEL",
            description = "Entity types in plain words. Repeat the option or separate them by commas.")
    private List<String> labels = List.of();

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            description = "UTF-8 files to search; each is one text.")
    private List<Path> files = List.of();

    @Option(
            names = "--lines",
            fallbackValue = "true",
            description = "Each line of the files or of standard input is one text.")
    private boolean lines;

    @Mixin
    private DecodingOptions decoding = new DecodingOptions();

    @Option(
            names = "--offset-unit",
            defaultValue = "code-point",
            paramLabel = "UNIT",
            description = "What offsets count: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private Offsets offsets = Offsets.CODE_POINT;

    @Option(names = "--json", fallbackValue = "true", description = "Print one line of JSON for each text.")
    private boolean json;

    @Option(
            names = "--bulk",
            fallbackValue = "true",
            description = "Nobody waits: let the server do what others wait for first.")
    private boolean bulk;

    @Mixin
    private ServerAddress server = new ServerAddress();

    @Mixin
    private Identity identity = new Identity();

    @Option(
            names = "--timeout",
            defaultValue = "10s",
            converter = Durations.class,
            paramLabel = "TIME",
            description = "Longest time one call may take, e.g. 500ms, 10s, 2m. Default: ${DEFAULT-VALUE}.")
    private Duration timeout = ClientConfig.DEFAULT_TIMEOUT;

    @Override
    public Integer call() throws CommandFailure {
        ServerAddress.silenceLibraries();
        ClientConfig config = OptionNames.checked(spec, () -> server.config(timeout, identity));
        ExtractionOptions options =
                OptionNames.checked(spec, () -> decoding.options(offsets.unit()).withBulk(bulk));
        List<String> allTexts = allTexts();
        try (ExtractionClient client = ExtractionClient.connect(config)) {
            return allTexts.size() == 1
                    ? extractOne(client, allTexts.get(0), options)
                    : extractAll(client, allTexts, options);
        } catch (ExtractionException e) {
            throw server.failure(e);
        }
    }

    private int extractOne(ExtractionClient client, String text, ExtractionOptions options) throws ExtractionException {
        print(client.extract(text, labels, options));
        return ExitCode.OK;
    }

    private int extractAll(ExtractionClient client, List<String> allTexts, ExtractionOptions options)
            throws ExtractionException {
        int exitCode = ExitCode.OK;
        int number = 0;
        for (Outcome outcome : client.extractAll(allTexts, labels, options)) {
            number++;
            exitCode = Math.max(exitCode, print(number, outcome));
        }
        return exitCode;
    }

    private int print(int number, Outcome outcome) {
        PrintWriter out = spec.commandLine().getOut();
        if (!json) {
            out.println((number == 1 ? "" : System.lineSeparator()) + "text " + number);
        }
        try {
            print(outcome.orThrow());
            return ExitCode.OK;
        } catch (ExtractionException e) {
            out.println(json ? EntityJson.of(e) : "refused: " + server.describe(e));
            return ExitCode.FAILED;
        }
    }

    private void print(Extraction extraction) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(EntityJson.of(extraction));
        } else {
            new EntityTable(out).print(extraction);
        }
    }

    private List<String> allTexts() throws CommandFailure {
        List<String> all = new ArrayList<>(texts);
        TextSource source = new TextSource(lines);
        for (Path file : files) {
            all.addAll(source.read(file));
        }
        if (texts.isEmpty() && files.isEmpty()) {
            all.addAll(source.read(System.in));
        }
        return all;
    }
}
