package io.nuner.engine.trt.process;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a child ended. Immutable.
 *
 * @param exitCode what it returned; 128 and more for a signal, -1 if it did not die when it was killed
 * @param timedOut true if it was killed because its time was up
 * @param errorLines the last lines of its standard error, or the head of the virtual machine's crash report
 */
public record ChildEnd(int exitCode, boolean timedOut, List<String> errorLines) {
    private static final int SIGNALS = 128;
    private static final int LONGEST_DETAIL = 400;
    private static final String FRAME = "# C ";

    private static final Map<Integer, String> SIGNAL_NAMES =
            Map.of(4, "SIGILL", 6, "SIGABRT", 7, "SIGBUS", 8, "SIGFPE", 9, "SIGKILL", 11, "SIGSEGV", 15, "SIGTERM");

    public ChildEnd {
        errorLines = List.copyOf(errorLines);
    }

    /** True if it ended by itself with exit code 0. */
    public boolean isGood() {
        return exitCode == 0 && !timedOut;
    }

    /** How it ended, e.g. {@code was ended by SIGSEGV in libnvinfer.so.11+0x1000}; continues a sentence. */
    public String words() {
        if (timedOut) {
            return "did not end in time";
        }
        Optional<String> crash = crash();
        if (crash.isPresent()) {
            return crash.get();
        }
        String how =
                exitCode > SIGNALS ? "was ended by " + signal(exitCode - SIGNALS) : "ended with exit code " + exitCode;
        return lastLine().map(line -> how + " (" + line + ")").orElse(how);
    }

    /** The signal in the crash report. The exit code would show an abort only, which follows the report. */
    private Optional<String> crash() {
        Optional<String> signal = SIGNAL_NAMES.values().stream()
                .filter(name -> errorLines.stream().anyMatch(line -> line.startsWith("#  " + name)))
                .findFirst();
        Optional<String> frame = errorLines.stream()
                .filter(line -> line.startsWith(FRAME))
                .map(line -> " in " + line.substring(FRAME.length()).strip())
                .findFirst();
        return signal.map(name -> "was ended by " + name + shortened(frame.orElse("")));
    }

    private Optional<String> lastLine() {
        for (int index = errorLines.size() - 1; index >= 0; index--) {
            String line = errorLines.get(index).strip();
            if (!line.isEmpty()) {
                return Optional.of(shortened(line));
            }
        }
        return Optional.empty();
    }

    private static String signal(int number) {
        return SIGNAL_NAMES.getOrDefault(number, "signal " + number);
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST_DETAIL ? text : text.substring(0, LONGEST_DETAIL) + "...";
    }
}
