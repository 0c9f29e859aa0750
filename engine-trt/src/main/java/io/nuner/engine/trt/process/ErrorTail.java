package io.nuner.engine.trt.process;

import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Consumer;

/** The part of standard error that may explain the end of a process: the head of a crash report, or the last lines. Any thread. */
final class ErrorTail implements Consumer<String> {
    private static final int LINES = 40;

    /** Crash reports of the Java virtual machine begin their lines so; what follows them is long and says less. */
    private static final String CRASH_LINE = "#";

    private final ArrayDeque<String> last = new ArrayDeque<>();
    private final ArrayDeque<String> crash = new ArrayDeque<>();

    @Override
    public synchronized void accept(String line) {
        if (line.startsWith(CRASH_LINE)) {
            keepHead(line);
        } else {
            keepTail(line);
        }
    }

    private void keepHead(String line) {
        if (crash.size() < LINES) {
            crash.addLast(line);
        }
    }

    private void keepTail(String line) {
        if (last.size() == LINES) {
            last.removeFirst();
        }
        last.addLast(line);
    }

    synchronized List<String> lines() {
        return List.copyOf(crash.isEmpty() ? last : crash);
    }
}
