package io.nuner.cli;

import io.nuner.cli.bench.BenchCommand;
import io.nuner.cli.common.CommandFailure;
import io.nuner.cli.common.Environment;
import io.nuner.cli.common.ExitCode;
import io.nuner.cli.common.MergeRule;
import io.nuner.cli.common.Version;
import io.nuner.cli.engine.EngineCommand;
import io.nuner.cli.eval.EvalCommand;
import io.nuner.cli.extract.ExtractCommand;
import io.nuner.cli.model.ExportCommand;
import io.nuner.cli.model.FetchCommand;
import io.nuner.cli.plan.PlanCommand;
import io.nuner.cli.serve.ServeCommand;
import io.nuner.cli.stop.ProcessEnd;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command {@code nuner}. */
@Command(
        name = "nuner",
        description = "Finds named entities of any type, by gRPC.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = {
            ServeCommand.class,
            ExtractCommand.class,
            EvalCommand.class,
            FetchCommand.class,
            ExportCommand.class,
            PlanCommand.class,
            EngineCommand.class
        },
        footer = {
            "",
            "Every option may also come from the environment: --offset-unit is NUNER_OFFSET_UNIT.",
            "Exit codes: 0 done, 1 failed, 2 wrong command line, 3 out of memory,",
            "69 no usable engine, 70 engine lost, 71 engine hung, 72 device failed,",
            "78 unusable model, 79 internal error;",
            "129, 130, 143 told to stop by SIGHUP, Ctrl-C, SIGTERM before it was done."
        })
public final class Nuner implements Environment {
    private final Map<String, String> variables;
    private final ProcessEnd end;

    private Nuner(Map<String, String> variables, ProcessEnd end) {
        this.variables = Map.copyOf(variables);
        this.end = end;
    }

    /** Runs a command and exits with its code. */
    public static void main(String[] arguments) {
        ProcessEnd end = ProcessEnd.takingSignals();
        int exitCode =
                run(new Nuner(System.getenv(), end), utf8(FileDescriptor.out), utf8(FileDescriptor.err), arguments);
        end.exit(exitCode);
    }

    /** Runs a command in a process that goes on afterwards, and returns its exit code. */
    static int run(PrintWriter out, PrintWriter err, Map<String, String> environment, String... arguments) {
        return run(new Nuner(environment, ProcessEnd.ofAnother()), out, err, arguments);
    }

    private static int run(Nuner nuner, PrintWriter out, PrintWriter err, String... arguments) {
        CommandLine commandLine = nuner.commandLine().setOut(out).setErr(err);
        String[] words = arguments.length == 0 ? new String[] {"--help"} : MergeRule.spelledOut(arguments);
        int exitCode = execute(commandLine, words);
        out.flush();
        err.flush();
        return exitCode;
    }

    /** All commands of a process that has no environment. */
    static CommandLine commands() {
        return new Nuner(Map.of(), ProcessEnd.ofAnother()).commandLine();
    }

    private CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(this);
        if (hasLoadGenerator()) {
            commandLine.addSubcommand(new BenchCommand());
        }
        return commandLine
                .setDefaultValueProvider(new EnvironmentDefaults(variables))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true)
                .setParameterExceptionHandler((failure, args) -> wrongUsage(failure))
                .setExecutionExceptionHandler((failure, command, parsed) -> failed(failure, command));
    }

    /** Ends with one line after an Error, too, which picocli does not catch. */
    private static int execute(CommandLine commandLine, String... arguments) {
        try {
            return commandLine.execute(arguments);
        } catch (Error e) {
            return failed(e, commandLine);
        }
    }

    /** True if the load generator is on the class path; the launcher puts it there only for the commands that need it. */
    private static boolean hasLoadGenerator() {
        return Nuner.class.getResource("/io/nuner/load/LoadSchedule.class") != null;
    }

    @Override
    public Map<String, String> variables() {
        return variables;
    }

    @Override
    public ProcessEnd end() {
        return end;
    }

    private static int wrongUsage(ParameterException failure) {
        CommandLine command = failure.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        command.getErr().println(name + ": " + oneLine(failure) + suggestion(failure) + " (see " + name + " --help)");
        return ExitCode.USAGE;
    }

    private static String suggestion(ParameterException failure) {
        List<String> similar =
                failure instanceof UnmatchedArgumentException unmatched ? unmatched.getSuggestions() : List.of();
        return similar.isEmpty() ? "" : "; did you mean " + similar.get(0) + "?";
    }

    private static int failed(Throwable failure, CommandLine command) {
        String name = command.getCommandSpec().qualifiedName();
        CommandFailure known =
                failure instanceof CommandFailure foreseen ? foreseen : CommandFailure.unforeseen(failure);
        command.getErr().println(name + ": " + oneLine(known));
        return known.exitCode();
    }

    private static String oneLine(Exception failure) {
        return String.valueOf(failure.getMessage()).replace('\n', ' ').replace("\r", "");
    }

    private static PrintWriter utf8(FileDescriptor descriptor) {
        return new PrintWriter(new OutputStreamWriter(new FileOutputStream(descriptor), StandardCharsets.UTF_8), true);
    }
}
