package io.nuner.engine.trt.process;

import java.util.function.Consumer;

/** Passes lines on until it is closed; when closing has returned, none is on its way. Any thread. */
final class GatedLines implements Consumer<String>, AutoCloseable {
    private final Consumer<String> target;
    private boolean closed;

    GatedLines(Consumer<String> target) {
        this.target = target;
    }

    @Override
    public synchronized void accept(String line) {
        if (!closed) {
            target.accept(line);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
    }
}
