package io.nuner.cli.eval;

import io.nuner.cli.common.CommandFailure;
import io.nuner.cli.common.DecodingOptions;
import io.nuner.cli.common.Durations;
import io.nuner.cli.common.Environment;
import io.nuner.cli.common.ExitCode;
import io.nuner.cli.common.FieldWords;
import io.nuner.cli.common.OptionNames;
import io.nuner.cli.common.OutputFile;
import io.nuner.cli.common.Printable;
import io.nuner.cli.common.ProgressLine;
import io.nuner.cli.common.ServerAddress;
import io.nuner.cli.common.Version;
import io.nuner.client.ExtractionOptions;
import io.nuner.eval.AnnotatedFile;
import io.nuner.eval.Columns;
import io.nuner.eval.Comparison;
import io.nuner.eval.ComparisonReport;
import io.nuner.eval.EvalReport;
import io.nuner.eval.Evaluation;
import io.nuner.eval.IncomparableException;
import io.nuner.eval.Side;
import io.nuner.eval.SideException;
import io.nuner.v1.OffsetUnit;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code nuner eval}: asks a server, or two side by side, about annotated texts and compares. */
@Command(
        name = "eval",
        description = {
            "Measures how well a server, or each of two, finds the entities of annotated texts.",
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

    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private Environment environment;

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
    private SideOptions sides = new SideOptions();

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
        OptionNames.check(spec, this::checkCalls);
        OptionNames.check(spec, () -> sides.check(timeout));
        ExtractionOptions options =
                OptionNames.checked(spec, () -> decoding.options(OffsetUnit.OFFSET_UNIT_UTF16_UNIT)).toBuilder()
                        .bulk(true) // nobody waits for a single answer
                        .build();
        Columns columns = OptionNames.checked(spec, data::columns);
        new OutputFile("--report", report).requirePlace();
        AnnotatedFile read = data.read(columns, spec.commandLine().getErr());
        Evaluation evaluation = new Evaluation(read, options, concurrency, timeout);
        Optional<SideOption> compared = sides.compared();
        if (compared.isPresent()) {
            publish(compare(evaluation, sides.target(), compared.get()), sides.target(), compared.get());
        } else {
            publish(measure(evaluation, sides.target()));
        }
        return ExitCode.OK;
    }

    private EvalReport measure(Evaluation evaluation, SideOption target) throws CommandFailure {
        ProgressLine line = ProgressLine.on(spec.commandLine().getErr());
        try (OpenSide asked = open(target)) {
            return evaluation.run(asked.client(), progress(line, evaluation));
        } catch (SideException e) {
            throw failure(ServerAddress.describe(target.toString(), e.failure()), evaluation, e);
        } catch (InterruptedException e) {
            throw CommandFailure.interrupted(e);
        } finally {
            line.end();
        }
    }

    private ComparisonReport compare(Evaluation evaluation, SideOption a, SideOption b) throws CommandFailure {
        ProgressLine line = ProgressLine.on(spec.commandLine().getErr());
        try (OpenSide askedA = open(a);
                OpenSide askedB = open(b)) {
            return new Comparison(evaluation).run(askedA.client(), askedB.client(), progress(line, evaluation));
        } catch (SideException e) {
            throw failure(describe(e, e.side() == Side.A ? a : b), evaluation, e);
        } catch (IncomparableException e) {
            String differing = Printable.of(String.valueOf(e.getMessage()));
            throw new CommandFailure(ExitCode.FAILED, a + " and " + b + " " + differing, e);
        } catch (InterruptedException e) {
            throw CommandFailure.interrupted(e);
        } finally {
            line.end();
        }
    }

    private OpenSide open(SideOption side) throws CommandFailure {
        return sides.open(
                side, timeout, environment.variables(), spec.commandLine().getErr());
    }

    private static IntConsumer progress(ProgressLine line, Evaluation evaluation) {
        int texts = evaluation.data().testSet().texts().size();
        return new EvalProgress(line, texts, System::nanoTime)::answered;
    }

    /** Says whose failure it is. */
    private static String describe(SideException failure, SideOption side) {
        String said = ServerAddress.describe(side.toString(), failure.failure());
        if (!failure.place().isEmpty()) {
            return Printable.of(failure.place()) + ": " + side + " refuses this text, the other side does not: " + said;
        }
        return said.contains(side.toString()) ? said : side + ": " + said;
    }

    private static CommandFailure failure(String line, Evaluation evaluation, SideException cause) {
        List<String> labels = evaluation.data().testSet().labels().stream()
                .map(label -> "label " + Printable.of(label))
                .toList();
        return new CommandFailure(ExitCode.FAILED, FieldWords.of(line, labels), cause);
    }

    private void publish(EvalReport measured) throws CommandFailure {
        printRefusals(measured.run().refusals(), spec.commandLine().getErr());
        new OutputFile("--report", report)
                .publish(spec.commandLine(), out -> new EvalTable(out).print(measured), measured::toJson);
    }

    private void publish(ComparisonReport compared, SideOption a, SideOption b) throws CommandFailure {
        printRefusals(compared.a().run().refusals(), spec.commandLine().getErr());
        new OutputFile("--report", report)
                .publish(
                        spec.commandLine(),
                        out -> new ComparisonTable(out, a.value(), b.value()).print(compared),
                        compared::toJson);
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

    private void checkCalls() {
        if (concurrency < 1 || concurrency > MAX_CONCURRENCY) {
            throw new IllegalArgumentException(
                    "--concurrency must be 1 to " + MAX_CONCURRENCY + ", but was " + concurrency);
        }
        if (timeout.isZero() || timeout.isNegative()) {
            throw new IllegalArgumentException("--timeout must be positive, but was " + timeout);
        }
    }
}
