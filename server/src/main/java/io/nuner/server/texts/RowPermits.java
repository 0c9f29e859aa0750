package io.nuner.server.texts;

import io.nuner.server.batching.Admission.Document;
import io.nuner.server.batching.Admission.Permit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a long text gets a permit for each of its rows; without one it is told when one comes back. One thread at a time, step
 * by step.
 */
final class RowPermits {
    private final Document document;
    private final Runnable onRoom;
    private volatile boolean roomCame;
    private @Nullable Permit first;
    private boolean waits;
    private boolean owesRoom;

    /**
     * Permits of one text.
     *
     * @param onRoom told on any thread that a permit has come back; must not throw or block, and has a step done
     */
    RowPermits(Document document, Runnable onRoom) {
        this.document = document;
        this.onRoom = onRoom;
    }

    /** Takes over the permit of the first row. */
    void begin(Permit ofFirstRow) {
        first = ofFirstRow;
    }

    /** Notes the room that has come since the last step. */
    void beginStep() {
        if (roomCame) {
            roomCame = false;
            waits = false;
            owesRoom = true;
        }
    }

    /** Leaves room that came and was not asked for to another text. */
    void endStep() {
        if (owesRoom) {
            owesRoom = false;
            document.passOn();
        }
    }

    /** The permit of the next row; nothing if there is none now. */
    Optional<Permit> next(int tokens, long nowNanos) {
        owesRoom = false;
        if (first != null) {
            Permit ofFirstRow = first;
            first = null;
            return Optional.of(ofFirstRow);
        }
        Optional<Permit> permit = document.enter(tokens, nowNanos);
        if (permit.isPresent() || waits) {
            return permit;
        }
        waits = true;
        document.awaitRoom(this::tell);
        return document.enter(tokens, nowNanos); // one may have come back before it was waited for
    }

    private void tell() {
        roomCame = true;
        onRoom.run();
    }

    /** Gives back the permit of the first row if it was not used. */
    void close() {
        if (first != null) {
            first.close();
            first = null;
        }
    }
}
