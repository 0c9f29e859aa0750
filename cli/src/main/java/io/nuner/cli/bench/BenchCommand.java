package io.nuner.cli.bench;

import io.grpc.StatusRuntimeException;
import io.nuner.cli.common.CommandFailure;
import io.nuner.cli.common.Environment;
import io.nuner.cli.common.ExitCode;
import io.nuner.cli.common.Identity;
import io.nuner.cli.common.OptionNames;
import io.nuner.cli.common.OutputFile;
import io.nuner.cli.common.ProgressLine;
import io.nuner.cli.common.ServerAddress;
import io.nuner.cli.common.Version;
import io.nuner.cli.stop.Interruption;
import io.nuner.client.ExtractionClient;
import io.nuner.client.ExtractionException;
import io.nuner.load.Connections;
import io.nuner.load.LabelSets;
import io.nuner.load.LoadReport;
import io.nuner.load.LoadRun;
import io.nuner.load.LoadSchedule;
import io.nuner.load.StepReport;
import io.nuner.load.TextPool;
import io.nuner.load.TextPool.TextFile;
import io.nuner.load.TraceLog;
import io.nuner.load.Traffic;
import io.nuner.load.Workload;
import io.nuner.v1.GetServerInfoResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code nuner bench}: puts load on a running server and measures. */
@Command(
        name = "bench",
        description = {
            "Puts load on a running server and measures goodput, latency and refusals.",
            "Calls start at times fixed beforehand, and latency counts from those times, late or not."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
public final class BenchCommand implements Callable<Integer> {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private Environment environment;

    @Mixin
    private ServerAddress server = new ServerAddress();

    @Mixin
    private ScheduleOptions schedule = new ScheduleOptions();

    @Mixin
    private TrafficOptions traffic = new TrafficOptions();

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description =
                    "Write all figures as JSON, too; - is standard output, the table then goes to standard error.")
    private @Nullable String json;

    @Option(
            names = "--trace",
            paramLabel = "FILE",
            description = {
                "Write a line of JSON for each valid call: when it should have started, its tokens, labels,",
                "tenant, priority and deadline. Holds no text. " + TraceLog.MAX_CALLS + " calls at most."
            })
    private @Nullable String trace;

    @Override
    public Integer call() throws CommandFailure {
        ServerAddress.silenceLibraries();
        OptionNames.check(spec, server::address);
        LoadSchedule plan = OptionNames.checked(spec, schedule::plan);
        Traffic calls = OptionNames.checked(spec, traffic::traffic);
        LabelSets labels = OptionNames.checked(spec, () -> traffic.labelSets(schedule.seed()));
        List<TextFile> files = OptionNames.checked(spec, traffic::files);
        new OutputFile("--json", json).requirePlace();
        new OutputFile("--trace", trace).requirePlace();
        TextPool texts = TrafficOptions.texts(files);
        try (Connections connections = OptionNames.checked(spec, this::connections)) {
            var options = LoadReport.Options.of(
                    server.target(), traffic.connections(), plan, calls, LoadReport.Asked.of(files, texts, labels));
            run(connections, plan, new Workload(texts, labels, calls, schedule.seed()), options);
        }
        return ExitCode.OK;
    }

    private Connections connections() {
        return Connections.open(server.address().grpcTarget(), server.isEncrypted(), traffic.connections());
    }

    private void run(Connections connections, LoadSchedule plan, Workload workload, LoadReport.Options options)
            throws CommandFailure {
        GetServerInfoResponse info = serverInfo(connections);
        TraceLog log = new TraceLog(workload, trace == null ? 0 : TraceLog.MAX_CALLS);
        LoadRun run = new LoadRun(connections, workload, plan, log);
        try (Interruption interruption = new Interruption(run::stop)) {
            environment.end().onStop(interruption);
            List<StepReport> steps = measure(run, info.getBatchCosts().getMaxRows());
            publish(LoadReport.of(plan, interruption.hasCome(), options, info, steps));
            writeTrace(log, info.getLimits().getMaxTokens());
        }
    }

    private GetServerInfoResponse serverInfo(Connections connections) throws CommandFailure {
        try (ExtractionClient client = ExtractionClient.connect(server.config(CONNECT_TIMEOUT, new Identity()))) {
            client.serverInfo(); // this client has the better message if the server does not answer
            return connections.serverInfo(CONNECT_TIMEOUT);
        } catch (ExtractionException e) {
            throw server.failure(e);
        } catch (StatusRuntimeException e) {
            throw new CommandFailure(ExitCode.FAILED, String.valueOf(e.getMessage()), e);
        }
    }

    private List<StepReport> measure(LoadRun run, int maxRows) throws CommandFailure {
        ProgressLine line = ProgressLine.on(spec.commandLine().getErr());
        try {
            return run.run(new BenchProgress(line), maxRows);
        } catch (InterruptedException e) {
            throw CommandFailure.interrupted(e);
        } finally {
            line.end();
        }
    }

    private void publish(LoadReport report) throws CommandFailure {
        new OutputFile("--json", json)
                .publish(spec.commandLine(), out -> new BenchTable(out).print(report), report::toJson);
    }

    private void writeTrace(TraceLog log, int maxTokens) throws CommandFailure {
        new OutputFile("--trace", trace).write(file -> {
            TraceLog.Written written = log.write(file, maxTokens);
            spec.commandLine()
                    .getErr()
                    .println("trace: " + written.written() + " calls; " + written.leftOut()
                            + " left out, because no answer told their tokens");
        });
    }
}
