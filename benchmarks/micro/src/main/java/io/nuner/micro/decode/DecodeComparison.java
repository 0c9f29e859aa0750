package io.nuner.micro.decode;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

/**
 * {@link DecodeTime} by the thread's processor time: both sides take turns, and the least of all rounds counts. Holds on a busy
 * machine too, where time by the clock says little. Prints a line for each case.
 */
public final class DecodeComparison {
    private static final int ROUNDS = 14;
    private static final long ROUND_NANOS = 30_000_000L;

    private final ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private DecodeComparison() {}

    /** Takes no arguments. */
    public static void main(String[] args) throws Exception {
        DecodeComparison comparison = new DecodeComparison();
        for (String text : List.of("50 words, 5 labels", "300 words, 20 labels")) {
            for (int maxWidth : new int[] {1, 12}) {
                comparison.compare(text, maxWidth);
            }
        }
    }

    private void compare(String text, int maxWidth) throws Exception {
        DecodeTime sides = new DecodeTime();
        sides.text = text;
        sides.maxWidth = maxWidth;
        sides.prepare();
        double decode = Double.MAX_VALUE;
        double singlePass = Double.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            decode = Math.min(decode, micros(sides::decode));
            singlePass = Math.min(singlePass, micros(sides::singlePass));
        }
        System.out.printf(
                Locale.ROOT,
                "%-20s  spans of %2d words at most: %6.2f us, single pass %6.2f us, ratio %.2f%n",
                text,
                maxWidth,
                decode,
                singlePass,
                decode / singlePass);
    }

    /** The mean of one round. */
    private double micros(Callable<? extends List<?>> side) throws Exception {
        long begin = thread.getCurrentThreadCpuTime();
        long end = begin;
        long calls = 0;
        long found = 0;
        while (end - begin < ROUND_NANOS) {
            for (int i = 0; i < 100; i++) {
                found += side.call().size();
            }
            calls += 100;
            end = thread.getCurrentThreadCpuTime();
        }
        if (found == 0) {
            throw new IllegalStateException("nothing was found");
        }
        return (end - begin) / 1e3 / calls;
    }
}
