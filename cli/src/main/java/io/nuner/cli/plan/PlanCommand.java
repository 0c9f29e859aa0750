package io.nuner.cli.plan;

import io.nuner.capacity.CapacityPlan;
import io.nuner.capacity.PlanException;
import io.nuner.capacity.PlanReport;
import io.nuner.capacity.Planner;
import io.nuner.capacity.Planner.Effort;
import io.nuner.capacity.Replica;
import io.nuner.capacity.ServerCosts;
import io.nuner.capacity.Slo;
import io.nuner.capacity.Trace;
import io.nuner.capacity.TraceFile;
import io.nuner.cli.common.CommandFailure;
import io.nuner.cli.common.ExitCode;
import io.nuner.cli.common.Identity;
import io.nuner.cli.common.OptionNames;
import io.nuner.cli.common.OutputFile;
import io.nuner.cli.common.Percentages;
import io.nuner.cli.common.ProgressLine;
import io.nuner.cli.common.ServerAddress;
import io.nuner.cli.common.Version;
import io.nuner.client.ClientConfig;
import io.nuner.client.ExtractionClient;
import io.nuner.client.ExtractionException;
import io.nuner.server.config.ServerConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code nuner plan}: says how many replicas a recorded load needs. */
@Command(
        name = "plan",
        description = {
            "Says how many replicas a recorded load needs to keep a promise of latency.",
            "Simulates the server's own batcher on the trace, with the batch costs that a running server measured."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
public final class PlanCommand implements Callable<Integer> {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--trace",
            required = true,
            paramLabel = "FILE",
            description = "The load: lines of JSON as nuner bench --trace writes them.")
    private Path trace = Path.of("");

    @Option(
            names = {"-r", "--rate"},
            paramLabel = "R",
            description = "Texts a second to plan for; the trace is sped up or slowed down. Default: the trace's own.")
    private @Nullable Double rate;

    @Option(
            names = "--slo",
            required = true,
            split = ",",
            converter = SloBounds.class,
            paramLabel = "PERCENTILE=TIME",
            description = "Bounds of latency, such as p99=100ms or p50=20ms,p99.9=1s.")
    private List<Slo.Bound> slo = List.of();

    @Option(
            names = "--max-refused",
            defaultValue = "0.1%",
            converter = Percentages.class,
            paramLabel = "SHARE",
            description = "Texts that may go without an answer in time. Default: ${DEFAULT-VALUE}.")
    private double maxRefused;

    @Mixin
    private ServerAddress server = new ServerAddress();

    @Option(
            names = "--costs",
            paramLabel = "FILE",
            description = "Take batch costs from this file rather than from a running server; see --save-costs.")
    private @Nullable Path costs;

    @Option(names = "--save-costs", paramLabel = "FILE", description = "Write what the server told, for --costs.")
    private @Nullable String saveCosts;

    @Mixin
    private ReplicaOptions replica = new ReplicaOptions();

    @Option(
            names = "--texts",
            defaultValue = "" + Effort.DEFAULT_TEXTS,
            paramLabel = "N",
            description = "Texts to simulate at least; a shorter trace is repeated. Default: ${DEFAULT-VALUE}.")
    private int texts;

    @Option(
            names = "--seed",
            defaultValue = "1",
            paramLabel = "N",
            description = "Fixes all that is drawn. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description =
                    "Write all figures as JSON, too; - is standard output, the table then goes to standard error.")
    private @Nullable String json;

    @Override
    public Integer call() throws CommandFailure {
        ServerAddress.silenceLibraries();
        OptionNames.check(spec, server::address);
        Slo promise = OptionNames.checked(spec, () -> new Slo(slo, maxRefused));
        Effort effort = OptionNames.checked(spec, () -> new Effort(texts, seed));
        new OutputFile("--json", json).requirePlace();
        new OutputFile("--save-costs", saveCosts).requirePlace();
        try {
            ServerCosts measured = costs == null ? askServer() : ServerCosts.read(costs);
            new OutputFile("--save-costs", saveCosts).write(measured::writeTo);
            Replica one = OptionNames.checked(spec, () -> replica.replica(measured));
            publish(plan(promise, effort, measured, one));
            return ExitCode.OK;
        } catch (PlanException e) {
            throw new CommandFailure(ExitCode.FAILED, String.valueOf(e.getMessage()), e);
        }
    }

    private ServerCosts askServer() throws CommandFailure, PlanException {
        ClientConfig config = OptionNames.checked(spec, () -> server.config(CONNECT_TIMEOUT, new Identity()));
        try (ExtractionClient client = ExtractionClient.connect(config)) {
            return ServerCosts.of(client.serverInfo(), "--target " + server.target());
        } catch (ExtractionException e) {
            throw server.failure(e);
        }
    }

    private PlanReport plan(Slo promise, Effort effort, ServerCosts measured, Replica one) throws PlanException {
        Trace recorded =
                TraceFile.read(trace, ServerConfig.DEFAULT.deadline().unset().toMillis());
        double planned = rate == null ? recorded.rate() : rate;
        requireRate(planned);
        ProgressLine line = ProgressLine.on(spec.commandLine().getErr());
        PlanProgress progress = new PlanProgress(line, System::nanoTime);
        try {
            CapacityPlan plan = new Planner(recorded, one, promise, effort, progress).plan(planned);
            return PlanReport.of(
                    PlanReport.Asked.of(planned, promise, texts, seed),
                    PlanReport.Load.of(
                            trace.toString(), recorded, one.policy().limits().maxRowTokens()),
                    measured,
                    one,
                    plan);
        } finally {
            line.clear();
        }
    }

    private void requireRate(double planned) {
        if (!(planned >= Effort.MIN_RATE && planned <= Effort.MAX_RATE)) {
            throw new ParameterException(
                    spec.commandLine(), "--rate must be from 0.01 to 1000000 texts/s, but was " + planned);
        }
    }

    private void publish(PlanReport report) throws CommandFailure {
        new OutputFile("--json", json)
                .publish(spec.commandLine(), out -> new PlanTable(out).print(report), report::toJson);
    }
}
