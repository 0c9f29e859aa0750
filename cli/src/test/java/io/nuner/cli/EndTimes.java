package io.nuner.cli;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** How long commands take to end; one that takes longer than a bound fails. One thread. */
final class EndTimes {
    private final Duration bound;
    private final List<EndTime> all = new ArrayList<>();

    EndTimes(Duration bound) {
        this.bound = bound;
    }

    /** Runs a command and records how long it took; in a thread of its own, so that a command that hangs does not stop the test. */
    CommandRun of(String name, Supplier<CommandRun> command) {
        long start = System.nanoTime();
        CommandRun run = assertTimeoutPreemptively(bound, command::get, name);
        all.add(new EndTime(name, (System.nanoTime() - start) / 1e6));
        return run;
    }

    /** A line with the largest time and the median, then a line for each command, the slowest first. */
    String report(String what) {
        List<EndTime> sorted = all.stream()
                .sorted(Comparator.comparingDouble(EndTime::millis).reversed())
                .toList();
        StringBuilder report = new StringBuilder();
        report.append(String.format(
                Locale.ROOT,
                "%s: %d commands ended, largest %.0f ms, median %.0f ms%n",
                what,
                sorted.size(),
                sorted.get(0).millis(),
                sorted.get(sorted.size() / 2).millis()));
        sorted.forEach(time -> report.append(String.format(Locale.ROOT, "%8.1f ms  %s%n", time.millis(), time.name())));
        return report.toString();
    }

    private record EndTime(String name, double millis) {}
}
