package io.nuner.model.hub;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Remembers what it was told. One thread. */
final class RecordedProgress implements FetchListener {
    private final List<String> notes = new ArrayList<>();
    private final List<String> files = new ArrayList<>();
    private long reached;
    private Consumer<String> onNote = line -> {};

    /** Does something at every note. */
    void onNote(Consumer<String> action) {
        onNote = action;
    }

    @Override
    public void started(String file, long present, long size) {
        files.add(file + " from " + present + " to " + size);
    }

    @Override
    public void reached(long present) {
        reached = present;
    }

    @Override
    public void finished() {
        files.add("finished at " + reached);
    }

    @Override
    public void note(String line) {
        notes.add(line);
        onNote.accept(line);
    }

    List<String> notes() {
        return notes;
    }

    List<String> files() {
        return files;
    }
}
