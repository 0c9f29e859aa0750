package io.nuner.server.texts;

import io.nuner.engine.RowLogits;
import io.nuner.model.window.Window;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A window on its way through the engine, until all of its rows have scores. One thread at a time. */
final class PendingWindow {
    private final Window window;
    private final @Nullable RowLogits[] logits;
    private int missing;

    PendingWindow(Window window) {
        this.window = window;
        logits = new RowLogits[window.rows().size()];
        missing = logits.length;
    }

    Window window() {
        return window;
    }

    /** Tokens of all rows. */
    long tokens() {
        return window.rows().stream().mapToLong(row -> row.row().tokenCount()).sum();
    }

    /** Takes the scores of a group's row. */
    void take(int group, RowLogits scores) {
        logits[group] = scores;
        missing--;
    }

    boolean isComplete() {
        return missing == 0;
    }

    /** The scores of all rows, once it is complete. */
    List<RowLogits> logits() {
        return Arrays.stream(logits).map(Objects::requireNonNull).toList();
    }
}
