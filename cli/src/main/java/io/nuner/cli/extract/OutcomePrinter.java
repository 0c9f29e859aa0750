package io.nuner.cli.extract;

import io.nuner.cli.common.ServerAddress;
import io.nuner.client.Extraction;
import io.nuner.client.ExtractionException;
import io.nuner.client.Outcome;
import java.io.PrintWriter;

/** Prints what became of texts: tables, or a line of JSON each. Numbers them if they are several. One thread at a time. */
final class OutcomePrinter {
    private final PrintWriter out;
    private final boolean json;
    private final ServerAddress server;
    private long number;
    private boolean anyRefused;

    OutcomePrinter(PrintWriter out, boolean json, ServerAddress server) {
        this.out = out;
        this.json = json;
        this.server = server;
    }

    /** The only text. */
    void print(Extraction extraction) {
        if (json) {
            out.println(EntityJson.of(extraction));
        } else {
            new EntityTable(out).print(extraction);
        }
    }

    /** One text of several. */
    void print(Outcome outcome) {
        number++;
        if (!json) {
            out.println((number == 1 ? "" : System.lineSeparator()) + "text " + number);
        }
        try {
            print(outcome.orThrow());
        } catch (ExtractionException e) {
            anyRefused = true;
            out.println(json ? EntityJson.of(e) : "refused: " + server.describe(e));
        }
        out.flush();
    }

    /** Whether any text of several had no answer. */
    boolean anyRefused() {
        return anyRefused;
    }
}
