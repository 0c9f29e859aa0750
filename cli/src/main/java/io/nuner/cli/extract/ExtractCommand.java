package io.nuner.cli.extract;

import io.nuner.cli.common.CommandFailure;
import io.nuner.cli.common.DecodingOptions;
import io.nuner.cli.common.Durations;
import io.nuner.cli.common.ExitCode;
import io.nuner.cli.common.Identity;
import io.nuner.cli.common.OptionNames;
import io.nuner.cli.common.ProgressLine;
import io.nuner.cli.common.ServerAddress;
import io.nuner.cli.common.Version;
import io.nuner.client.ClientConfig;
import io.nuner.client.ExtractionClient;
import io.nuner.client.ExtractionException;
import io.nuner.client.ExtractionOptions;
import io.nuner.client.Labels;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
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

    @Mixin
    private LabelsOptions labels = new LabelsOptions();

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
            description = "Longest time one text may take, e.g. 500ms, 10s, 2m. Default: ${DEFAULT-VALUE}.")
    private Duration timeout = ClientConfig.DEFAULT_TIMEOUT;

    @Option(
            names = "--document-timeout",
            defaultValue = "15m",
            converter = Durations.class,
            paramLabel = "TIME",
            description = "Longest time a text of more than 10,000 characters may take. Default: ${DEFAULT-VALUE}.")
    private Duration documentTimeout = Duration.ZERO;

    @Override
    public Integer call() throws CommandFailure {
        ServerAddress.silenceLibraries();
        ClientConfig config = OptionNames.checked(spec, () -> server.config(timeout, identity));
        OptionNames.check(spec, this::checkDocumentTimeout);
        ExtractionOptions options = OptionNames.checked(spec, () -> decoding.options(offsets.unit())).toBuilder()
                .bulk(bulk)
                .build();
        Labels asked = labels.labels(spec);
        ProgressLine line = ProgressLine.on(spec.commandLine().getErr());
        ExtractProgress progress = new ExtractProgress(line, System::nanoTime);
        try (ExtractionClient client = ExtractionClient.connect(config)) {
            return run(new Questions(client, asked, options, documentTimeout, progress), progress);
        } catch (ExtractionException e) {
            throw server.failure(e);
        } finally {
            progress.hide();
        }
    }

    private void checkDocumentTimeout() {
        if (documentTimeout.isZero() || documentTimeout.isNegative()) {
            throw new IllegalArgumentException("document-timeout must be positive, but was " + documentTimeout);
        }
    }

    private int run(Questions questions, ExtractProgress progress) throws ExtractionException, CommandFailure {
        Refusals refusals = new Refusals(server, labels.places());
        OutcomePrinter printer = new OutcomePrinter(spec.commandLine().getOut(), json, refusals);
        PeekedTexts allTexts = allTexts();
        if (allTexts.hasNext()) {
            AskedText first = allTexts.next();
            if (!allTexts.hasNext() && !allTexts.areCutShort()) {
                printer.printOnly(questions.ask(first));
                return ExitCode.OK;
            }
            questions.askAll(allTexts.after(first), answer -> {
                progress.hide();
                printer.print(answer);
                progress.answered();
            });
        }
        allTexts.requireReadable();
        return printer.anyRefused() ? ExitCode.FAILED : ExitCode.OK;
    }

    private PeekedTexts allTexts() {
        List<Iterator<AskedText>> sources = new ArrayList<>();
        sources.add(IntStream.rangeClosed(1, texts.size())
                .mapToObj(number -> new AskedText("TEXT " + number, true, texts.get(number - 1)))
                .iterator());
        for (Path file : files) {
            sources.add(new TextSource(file, lines));
        }
        if (texts.isEmpty() && files.isEmpty()) {
            sources.add(new TextSource(null, lines));
        }
        return new PeekedTexts(sources);
    }
}
