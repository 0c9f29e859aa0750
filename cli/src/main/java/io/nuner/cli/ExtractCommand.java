package io.nuner.cli;

import io.nuner.client.ClientConfig;
import io.nuner.client.ClientConfig.Transport;
import io.nuner.client.Extraction;
import io.nuner.client.ExtractionClient;
import io.nuner.client.ExtractionException;
import io.nuner.client.ExtractionOptions;
import io.nuner.client.Outcome;
import io.nuner.v1.LongTextPolicy;
import io.nuner.v1.MergePolicy;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.LogManager;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code nuner extract}: asks a running server. */
@Command(
        name = "extract",
        description = "Finds entities by asking a running server.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class ExtractCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(paramLabel = "TEXT", description = "Texts to search. None and no --file: standard input is one text.")
    private List<String> texts = List.of();

    @Option(
            names = {"-l", "--label"},
            required = true,
            split = ",",
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

    @Option(
            names = "--threshold",
            defaultValue = "0.5",
            description = "An entity needs a score above this, 0 to 1. Default: ${DEFAULT-VALUE}.")
    private float threshold;

    @Option(names = "--multi-label", fallbackValue = "true", description = "Allow several labels on one span.")
    private boolean multiLabel;

    @Option(names = "--nested", fallbackValue = "true", description = "Permit entities inside entities.")
    private boolean nested;

    @Option(
            names = "--merge",
            negatable = true,
            fallbackValue = "true",
            description = "Join neighbouring entities of one label, or do not. Default: the model's.")
    private @Nullable Boolean merge;

    @Option(
            names = "--offset-unit",
            defaultValue = "code-point",
            paramLabel = "UNIT",
            description = "What offsets count: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private Offsets offsets = Offsets.CODE_POINT;

    @Option(
            names = "--truncate",
            fallbackValue = "true",
            description = "Search the first words of a text that is too long instead of refusing it.")
    private boolean truncate;

    @Option(names = "--json", fallbackValue = "true", description = "Print one line of JSON for each text.")
    private boolean json;

    @Option(
            names = {"-t", "--target"},
            defaultValue = "localhost:8001",
            paramLabel = "HOST:PORT",
            description = "The server. Default: ${DEFAULT-VALUE}.")
    private String target = "";

    @Option(names = "--tls", fallbackValue = "true", description = "Encrypt the connection.")
    private boolean tls;

    @Option(
            names = "--timeout",
            defaultValue = "10s",
            converter = Durations.class,
            paramLabel = "TIME",
            description = "Longest time one call may take, e.g. 500ms, 10s, 2m. Default: ${DEFAULT-VALUE}.")
    private Duration timeout = ClientConfig.DEFAULT_TIMEOUT;

    @Override
    public Integer call() throws CommandFailure {
        LogManager.getLogManager().getLogger("").setLevel(Level.OFF);
        ClientConfig config = config();
        ExtractionOptions options = options();
        List<String> allTexts = allTexts();
        try (ExtractionClient client = ExtractionClient.connect(config)) {
            return allTexts.size() == 1
                    ? extractOne(client, allTexts.get(0), options)
                    : extractAll(client, allTexts, options);
        } catch (ExtractionException e) {
            throw new CommandFailure(ExitCode.FAILED, describe(e), e);
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
            out.println(json ? EntityJson.of(e) : "refused: " + describe(e));
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

    private String describe(ExtractionException failure) {
        return switch (failure.code()) {
            case UNAVAILABLE -> "UNAVAILABLE: --target " + target + " does not serve: " + rootMessage(failure);
            case DEADLINE_EXCEEDED -> "DEADLINE_EXCEEDED: --target " + target + " did not answer in time";
            default -> failure.code() + ": " + failure.getMessage();
        };
    }

    /** The innermost reason: gRPC wraps a refused connection twice. */
    private static String rootMessage(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage());
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

    private ClientConfig config() {
        return checked(() -> new ClientConfig(target, tls ? Transport.TLS : Transport.PLAINTEXT, timeout));
    }

    private ExtractionOptions options() {
        LongTextPolicy longText =
                truncate ? LongTextPolicy.LONG_TEXT_POLICY_TRUNCATE : LongTextPolicy.LONG_TEXT_POLICY_REJECT;
        return checked(
                () -> new ExtractionOptions(threshold, multiLabel, nested, mergePolicy(), offsets.unit(), longText));
    }

    private MergePolicy mergePolicy() {
        if (merge == null) {
            return MergePolicy.MERGE_POLICY_UNSPECIFIED;
        }
        return merge ? MergePolicy.MERGE_POLICY_ADJACENT : MergePolicy.MERGE_POLICY_NONE;
    }

    private <T> T checked(java.util.function.Supplier<T> value) {
        try {
            return value.get();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--" + e.getMessage(), e);
        }
    }
}
