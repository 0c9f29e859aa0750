package io.nuner.cli.stop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;

/**
 * One stop: what the process is at, which signals come, and when. Immutable.
 *
 * @param phase what it is at
 * @param signal the one that is sent: TERM in place of one that this process ignores, such as INT in the background of a script
 *     or HUP under {@code nohup}, because its children then ignore it, too
 * @param delayMillis from the start of that phase to the signal
 * @param secondMillis from there to a second signal; negative for none
 */
record StopPlan(Phase phase, StopSignal signal, long delayMillis, long secondMillis) {
    static final long ONCE = -1;

    /** The bit of signal n is n - 1. */
    private static final long IGNORED = ignoredSignals();

    StopPlan {
        signal = isIgnored(signal) ? StopSignal.TERM : signal;
    }

    private static boolean isIgnored(StopSignal signal) {
        int number = signal.exitCode() - 128;
        return (IGNORED >> (number - 1) & 1) != 0;
    }

    private static long ignoredSignals() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            String mask = lines.filter(line -> line.startsWith("SigIgn:"))
                    .map(line -> line.substring("SigIgn:".length()).strip())
                    .findFirst()
                    .orElse("0");
            return Long.parseUnsignedLong(mask, 16);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a process is at. */
    enum Phase {
        /** {@code nuner export}, from the start of the process on. */
        EXPORTING(1500),
        /** {@code nuner serve}, from the start of the process on. */
        STARTING(1500),
        /** {@code nuner serve} of a checkpoint that is not in the cache, from its first line on. */
        LOADING(3500),
        /** Callers are being answered, from the line that says so on. */
        SERVING(1500);

        private final int longestMillis;

        Phase(int longestMillis) {
            this.longestMillis = longestMillis;
        }
    }

    /** Any stop: half of them while serving, half of them with a second signal. */
    static StopPlan draw(Random random) {
        Phase phase = random.nextBoolean() ? Phase.SERVING : Phase.values()[random.nextInt(3)];
        StopSignal signal = random.nextBoolean() ? StopSignal.TERM : StopSignal.INT;
        long second = random.nextBoolean() ? random.nextInt(800) : ONCE;
        return new StopPlan(phase, signal, random.nextInt(phase.longestMillis), second);
    }

    boolean isTwice() {
        return secondMillis >= 0;
    }
}
