package io.nuner.cli.hub;

import java.util.ArrayList;
import java.util.List;

/** Remembers what it was told. One thread. */
final class RecordedProgress implements FetchListener {
    private final List<String> notes = new ArrayList<>();
    private final List<String> files = new ArrayList<>();
    private long reached;

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
    }

    List<String> notes() {
        return notes;
    }

    List<String> files() {
        return files;
    }
}
