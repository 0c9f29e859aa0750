package io.nuner.model.hub;

/** Told how far a fetch is. Called on the fetching thread. */
public interface FetchListener {
    /**
     * A file is begun or continued.
     *
     * @param present bytes that are there already
     * @param size bytes of the whole
     */
    void started(String file, long present, long size);

    /** Now so many bytes of the file are there; fewer than before if it had to begin again. */
    void reached(long present);

    /** The file is complete and verified. */
    void finished();

    /** Something worth a line: a wait, another attempt, a source. */
    void note(String line);
}
