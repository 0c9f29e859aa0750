package io.nuner.engine.trt.process;

import java.io.PrintStream;
import java.util.Optional;

/**
 * A line that a child tells its parent on standard output, where native libraries may print as well. Immutable.
 *
 * @param topic what it is about, one word
 * @param text the rest, in one line
 */
public record LineMessage(String topic, String text) {
    private static final String MARK = "@nuner ";

    public LineMessage {
        text = text.replace('\n', ' ').replace('\r', ' ').strip();
    }

    /** Sends it at once: the next instruction may be the last. */
    public void print(PrintStream out) {
        out.print(MARK + topic + ' ' + text + '\n');
        out.flush();
    }

    /** Reads a line; empty if it is none of ours. */
    public static Optional<LineMessage> parse(String line) {
        if (!line.startsWith(MARK)) {
            return Optional.empty();
        }
        String message = line.substring(MARK.length());
        int space = message.indexOf(' ');
        return space <= 0
                ? Optional.empty()
                : Optional.of(new LineMessage(message.substring(0, space), message.substring(space + 1)));
    }
}
