package io.nuner.cli.stop;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The figures of many stops. Immutable.
 *
 * @param crashReports the virtual machine's {@code hs_err} files
 */
record StopFigures(List<StopResult> results, List<Path> crashReports) {
    /** Looks for crash reports below a directory. */
    static StopFigures of(List<StopResult> results, Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            return new StopFigures(
                    results,
                    files.filter(file -> String.valueOf(file.getFileName()).startsWith("hs_err"))
                            .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<StopResult> unsound() {
        return results.stream().filter(result -> !result.isSound()).toList();
    }

    void print(PrintStream out) {
        out.printf("stops: %d; crash reports: %d%n", results.size(), crashReports.size());
        out.printf(
                "calls made: %d; lost: %d%n",
                sum(result -> result.calls().made()),
                sum(result -> result.calls().lost().size()));
        out.printf(
                "exit codes not as documented: %d%n",
                results.stream().filter(result -> !result.isAsDocumented()).count());
        counts(result -> result.plan().phase() + ", SIG" + result.plan().signal()
                        + (result.plan().isTwice() ? " twice" : " once"))
                .forEach((what, codes) -> out.println("  " + what + ": exit codes " + codes));
        out.printf("from the first signal to the end: %s%n", times());
    }

    private long sum(Function<StopResult, Integer> count) {
        return results.stream().mapToLong(count::apply).sum();
    }

    private Map<String, Map<Integer, Long>> counts(Function<StopResult, String> key) {
        return results.stream()
                .collect(Collectors.groupingBy(
                        key,
                        TreeMap::new,
                        Collectors.groupingBy(StopResult::exitCode, TreeMap::new, Collectors.counting())));
    }

    private String times() {
        long[] millis = results.stream().mapToLong(StopResult::millis).sorted().toArray();
        return "p50 " + millis[millis.length / 2] + " ms, p99 " + millis[millis.length * 99 / 100] + " ms, max "
                + millis[millis.length - 1] + " ms";
    }
}
