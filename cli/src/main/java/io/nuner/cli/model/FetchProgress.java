package io.nuner.cli.model;

import io.nuner.cli.common.ProgressLine;
import io.nuner.files.ByteCount;
import io.nuner.model.hub.FetchListener;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Shows how far a download is: a bar on a terminal, else a line every few seconds. One thread at a time. */
final class FetchProgress implements FetchListener {
    private static final long REDRAW_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LINE_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final double NANOS_PER_SECOND = 1e9;

    private final ProgressLine line;
    private final LongSupplier nanoClock;
    private String file = "";
    private long size;
    private long firstByte;
    private long present;
    private long startNanos;
    private long shownNanos;

    FetchProgress(ProgressLine line, LongSupplier nanoClock) {
        this.line = line;
        this.nanoClock = nanoClock;
    }

    @Override
    public void started(String newFile, long alreadyThere, long newSize) {
        file = newFile;
        size = newSize;
        restart(alreadyThere);
        if (!line.isTerminal()) {
            String continued = alreadyThere > 0 ? ", of which " + ByteCount.of(alreadyThere) + " are there" : "";
            line.print("fetching " + file + ": " + ByteCount.of(size) + continued);
        }
    }

    @Override
    public void reached(long nowPresent) {
        if (nowPresent < present) {
            restart(nowPresent);
        }
        present = nowPresent;
        long now = nanoClock.getAsLong();
        if (now - shownNanos >= (line.isTerminal() ? REDRAW_NANOS : LINE_NANOS)) {
            shownNanos = now;
            show(pace());
        }
    }

    @Override
    public void finished() {
        if (line.isTerminal()) {
            show(""); // the time that verifying took says nothing about speed
            line.end();
        } else {
            line.print("fetched " + file);
        }
    }

    @Override
    public void note(String text) {
        line.print(text);
    }

    private void restart(long at) {
        firstByte = at;
        present = at;
        startNanos = nanoClock.getAsLong();
        shownNanos = startNanos;
    }

    private void show(String pace) {
        String amount = file + " " + ByteCount.of(present, size) + pace;
        if (line.isTerminal()) {
            line.draw("fetching " + ProgressLine.bar(percent()) + " " + amount);
        } else {
            line.print("fetching " + amount);
        }
    }

    private int percent() {
        return size == 0 ? 100 : (int) (100 * present / size);
    }

    /** Speed and the time left at that speed, once both can be estimated. */
    private String pace() {
        double seconds = (nanoClock.getAsLong() - startNanos) / NANOS_PER_SECOND;
        double bytesPerSecond = (present - firstByte) / seconds;
        if (present == firstByte || seconds <= 0) {
            return "";
        }
        long secondsLeft = Math.round((size - present) / bytesPerSecond);
        return String.format(
                Locale.ROOT,
                ", %.1f MB/s, %d:%02d left",
                bytesPerSecond / ByteCount.MEGABYTE,
                secondsLeft / 60,
                secondsLeft % 60);
    }
}
