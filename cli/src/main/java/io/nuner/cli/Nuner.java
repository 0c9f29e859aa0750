package io.nuner.cli;

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
            BenchCommand.class,
            FetchCommand.class,
            ExportCommand.class,
            PlanCommand.class,
            EngineCommand.class
        },
        footer = {
            "",
            "Every option may also come from the environment: --offset-unit is NUNER_OFFSET_UNIT.",
            "Exit codes: 0 done, 1 failed, 2 wrong command line, 69 no usable engine, 70 engine lost, 71 engine hung,",
            "72 device failed, 78 unusable model."
        })
public final class Nuner {
    private final Map<String, String> environment;

    private Nuner(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /** Runs a command and exits with its code. */
    public static void main(String[] arguments) {
        int exitCode = run(utf8(FileDescriptor.out), utf8(FileDescriptor.err), System.getenv(), arguments);
        System.exit(exitCode);
    }

    /** Runs a command and returns its exit code. */
    static int run(PrintWriter out, PrintWriter err, Map<String, String> environment, String... arguments) {
        CommandLine commandLine = new CommandLine(new Nuner(environment))
                .setOut(out)
                .setErr(err)
                .setDefaultValueProvider(new EnvironmentDefaults(environment))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true)
                .setParameterExceptionHandler((failure, args) -> wrongUsage(failure))
                .setExecutionExceptionHandler((failure, command, parsed) -> failed(failure, command));
        int exitCode = commandLine.execute(
                arguments.length == 0 ? new String[] {"--help"} : MergeRule.spelledOut(arguments));
        out.flush();
        err.flush();
        return exitCode;
    }

    /** What the process was given. */
    Map<String, String> environment() {
        return environment;
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

    private static int failed(Exception failure, CommandLine command) {
        String name = command.getCommandSpec().qualifiedName();
        if (failure instanceof CommandFailure known) {
            command.getErr().println(name + ": " + oneLine(known));
            return known.exitCode();
        }
        StackTraceElement[] trace = failure.getStackTrace();
        String place = trace.length == 0 ? "" : " at " + trace[0];
        command.getErr()
                .println(name + ": internal error: " + failure.getClass().getName() + place);
        return ExitCode.ENGINE_LOST;
    }

    private static String oneLine(Exception failure) {
        return String.valueOf(failure.getMessage()).replace('\n', ' ').replace("\r", "");
    }

    private static PrintWriter utf8(FileDescriptor descriptor) {
        return new PrintWriter(new OutputStreamWriter(new FileOutputStream(descriptor), StandardCharsets.UTF_8), true);
    }
}
