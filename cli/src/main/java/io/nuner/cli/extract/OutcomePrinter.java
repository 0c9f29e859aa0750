package io.nuner.cli.extract;

import io.nuner.cli.common.CommandFailure;
import io.nuner.cli.common.ExitCode;
import java.io.PrintWriter;

/** Prints what became of texts: tables, or a line of JSON each. Numbers them if they are several. One thread at a time. */
final class OutcomePrinter {
    private final PrintWriter out;
    private final boolean json;
    private final Refusals refusals;
    private long number;
    private boolean anyRefused;

    OutcomePrinter(PrintWriter out, boolean json, Refusals refusals) {
        this.out = out;
        this.json = json;
        this.refusals = refusals;
    }

    /** The only text; fails if it has no whole answer. */
    void printOnly(Answer answer) throws CommandFailure {
        if (answer.failure() == null || answer.isPartial()) {
            printFound(answer);
        }
        requireWritten();
        if (answer.failure() != null) {
            throw new CommandFailure(ExitCode.FAILED, refusals.describe(answer), answer.failure());
        }
    }

    /** One text of several. */
    void print(Answer answer) throws CommandFailure {
        number++;
        boolean refused = answer.failure() != null;
        anyRefused |= refused;
        if (!json) {
            out.println((number == 1 ? "" : System.lineSeparator()) + "text " + number);
        }
        if (json || !refused || answer.isPartial()) {
            printFound(answer);
        }
        if (!json && refused) {
            out.println("refused: " + refusals.describe(answer));
        }
        requireWritten();
    }

    private void printFound(Answer answer) {
        if (json) {
            out.println(EntityJson.of(answer, refusals));
        } else {
            new EntityTable(out).print(answer.found());
        }
    }

    /** Nobody reads what comes, or the disk is full: the rest need not be asked. */
    private void requireWritten() throws CommandFailure {
        if (out.checkError()) {
            throw new CommandFailure(ExitCode.FAILED, "standard output takes no more");
        }
    }

    /** Whether any text of several had no whole answer. */
    boolean anyRefused() {
        return anyRefused;
    }
}
