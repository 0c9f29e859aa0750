package io.nuner.cli.eval;

import io.nuner.cli.common.CommandFailure;
import io.nuner.cli.common.DecodingOptions;
import io.nuner.cli.common.Durations;
import io.nuner.cli.common.ExitCode;
import io.nuner.cli.common.FieldWords;
import io.nuner.cli.common.Identity;
import io.nuner.cli.common.OptionNames;
import io.nuner.cli.common.OutputFile;
import io.nuner.cli.common.Printable;
import io.nuner.cli.common.ProgressLine;
import io.nuner.cli.common.ServerAddress;
import io.nuner.cli.common.Version;
import io.nuner.client.ClientConfig;
import io.nuner.client.ExtractionClient;
import io.nuner.client.ExtractionException;
import io.nuner.client.ExtractionOptions;
import io.nuner.eval.AnnotatedFile;
import io.nuner.eval.Columns;
import io.nuner.eval.EvalReport;
import io.nuner.eval.Evaluation;
import io.nuner.v1.OffsetUnit;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code nuner eval}: asks a running server about annotated texts and compares. */
@Command(
        name = "eval",
        description = {
            "Measures how well a running server finds the entities of annotated texts.",
            "Prints precision, recall and F1 of entities (same characters, same label) and of tokens, in percent."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
public final class EvalCommand implements Callable<Integer> {
    private static final int MAX_CONCURRENCY = 256;
    private static final int SHOWN_REFUSALS = 10;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private DataOptions data = new DataOptions();

    @Mixin
    private DecodingOptions decoding = new DecodingOptions();

    @Option(
            names = "--report",
            paramLabel = "FILE",
            description =
                    "Write the figures as JSON, too; - is standard output, the table then goes to standard error.")
    private @Nullable String report;

    @Mixin
    private ServerAddress server = new ServerAddress();

    @Mixin
    private Identity identity = new Identity();

    @Option(
            names = "--concurrency",
            defaultValue = "32",
            paramLabel = "N",
            description = "Calls in flight, 1 to " + MAX_CONCURRENCY + ". Default: ${DEFAULT-VALUE}.")
    private int concurrency;

    @Option(
            names = "--timeout",
            defaultValue = "60s",
            converter = Durations.class,
            paramLabel = "TIME",
            description = "Longest time one call may take, e.g. 500ms, 10s, 2m. Default: ${DEFAULT-VALUE}.")
    private Duration timeout = Duration.ZERO;

    @Override
    public Integer call() throws CommandFailure {
        ServerAddress.silenceLibraries();
        ClientConfig config = OptionNames.checked(spec, () -> server.config(timeout, identity));
        ExtractionOptions options =
                OptionNames.checked(spec, () -> decoding.options(OffsetUnit.OFFSET_UNIT_UTF16_UNIT)).toBuilder()
                        .bulk(true) // nobody waits for a single answer
                        .build();
        Columns columns = OptionNames.checked(spec, data::columns);
        OptionNames.check(spec, this::checkConcurrency);
        new OutputFile("--report", report).requirePlace();
        AnnotatedFile read = data.read(columns, spec.commandLine().getErr());
        publish(measure(new Evaluation(read, options, concurrency, timeout), config));
        return ExitCode.OK;
    }

    private EvalReport measure(Evaluation evaluation, ClientConfig config) throws CommandFailure {
        ProgressLine line = ProgressLine.on(spec.commandLine().getErr());
        int texts = evaluation.data().testSet().texts().size();
        try (ExtractionClient client = ExtractionClient.connect(config)) {
            return evaluation.run(client, new EvalProgress(line, texts, System::nanoTime)::answered);
        } catch (ExtractionException e) {
            List<String> labels = evaluation.data().testSet().labels().stream()
                    .map(label -> "label " + Printable.of(label))
                    .toList();
            throw new CommandFailure(ExitCode.FAILED, FieldWords.of(server.describe(e), labels), e);
        } catch (InterruptedException e) {
            throw CommandFailure.interrupted(e);
        } finally {
            line.end();
        }
    }

    private void publish(EvalReport measured) throws CommandFailure {
        printRefusals(measured.run().refusals(), spec.commandLine().getErr());
        new OutputFile("--report", report)
                .publish(spec.commandLine(), out -> new EvalTable(out).print(measured), measured::toJson);
    }

    private static void printRefusals(List<EvalReport.Refusal> refusals, PrintWriter err) {
        for (EvalReport.Refusal refusal : refusals.subList(0, Math.min(SHOWN_REFUSALS, refusals.size()))) {
            String reason = FieldWords.of(refusal.reason(), List.of());
            err.println("refused: " + Printable.of(refusal.place() + ": " + reason));
        }
        if (refusals.size() > SHOWN_REFUSALS) {
            err.println("refused: " + (refusals.size() - SHOWN_REFUSALS) + " more");
        }
    }

    private void checkConcurrency() {
        if (concurrency < 1 || concurrency > MAX_CONCURRENCY) {
            throw new IllegalArgumentException(
                    "--concurrency must be 1 to " + MAX_CONCURRENCY + ", but was " + concurrency);
        }
    }
}
