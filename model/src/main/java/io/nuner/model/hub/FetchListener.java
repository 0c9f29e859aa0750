package io.nuner.model.hub;

/** Told how far a fetch is. Called on the fetching thread. */
public interface FetchListener {
    /**
     * A file was started or continued.
     *
     * @param present bytes that are there already
     * @param size bytes of the whole
     */
    void started(String file, long present, long size);

    /** The number of bytes that are there now; smaller than before if the file was started over. */
    void reached(long present);

    /** The file is complete and verified. */
    void finished();

    /** A line for the user: a wait, another attempt, a source. */
    void note(String line);
}
