package io.nuner.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;

/** What a command printed and its exit code. */
public record CommandRun(int exitCode, String out, String err) {
    public static CommandRun of(String... arguments) {
        return with(Map.of(), arguments);
    }

    public static CommandRun with(Map<String, String> environment, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = Nuner.run(new PrintWriter(out), new PrintWriter(err), environment, arguments);
        return new CommandRun(exitCode, out.toString(), err.toString());
    }

    /** A run whose output goes elsewhere. */
    public static CommandRun into(PrintWriter out, String... arguments) {
        StringWriter err = new StringWriter();
        int exitCode = Nuner.run(out, new PrintWriter(err), Map.of(), arguments);
        return new CommandRun(exitCode, "", err.toString());
    }
}
