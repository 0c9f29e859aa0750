package io.nuner.cli.stop;

import java.util.List;
import java.util.stream.Collectors;

/**
 * How a process that was told to stop has ended. Immutable.
 *
 * @param millis from the first signal to the end
 * @param log its standard error
 */
record StopResult(StopPlan plan, int exitCode, long millis, Calls calls, List<String> log) {
    /** The server was stopped on purpose, or the export was done before the signal came. */
    private static final int DONE = 0;

    private static final int JAVA_DID_NOT_START = 1;

    /** True if the exit code is one that the table in the README allows. */
    boolean isAsDocumented() {
        boolean beforeMain =
                exitCode == plan.signal().exitCode() && log.stream().allMatch(StopResult::isFromTheStartOfJava);
        boolean cutShort = plan.phase() == StopPlan.Phase.EXPORTING
                && exitCode == plan.signal().exitCode();
        return exitCode == DONE || cutShort || beforeMain || javaDidNotStart();
    }

    /** A signal that comes while Java 25 makes itself ready may end it with an error of its own. */
    private boolean javaDidNotStart() {
        return plan.phase() == StopPlan.Phase.STARTING
                && exitCode == JAVA_DID_NOT_START
                && log.contains("Error occurred during initialization of VM");
    }

    /** What Java 25 says if a signal ends it before it can log that. */
    private static boolean isFromTheStartOfJava(String line) {
        return line.startsWith("Runtime.exit(") && line.contains(" logging failed: ");
    }

    boolean isSound() {
        return isAsDocumented() && calls.lost().isEmpty();
    }

    @Override
    public String toString() {
        return plan + ": exit code " + exitCode + " after " + millis + " ms, " + calls
                + log.stream()
                        .map(line -> System.lineSeparator() + "    " + line)
                        .collect(Collectors.joining());
    }

    /**
     * What became of the calls.
     *
     * @param made all of them, whatever became of them
     * @param lost those that the server should have answered, and did not
     */
    record Calls(int made, List<Callers.Call> lost) {
        static final Calls NONE = new Calls(0, List.of());

        @Override
        public String toString() {
            String which = lost.stream()
                    .collect(Collectors.groupingBy(
                            call -> call.code() + " " + call.description(), Collectors.counting()))
                    .toString();
            return made + " calls, " + lost.size() + " lost" + (lost.isEmpty() ? "" : ": " + which);
        }
    }
}
