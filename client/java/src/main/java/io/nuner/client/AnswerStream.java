package io.nuner.client;

import java.util.NoSuchElementException;

/**
 * Answers that come one after another. A caller that does not ask for the next one makes the server wait, and costs a bounded
 * amount of memory. Must be closed; to close it early cancels what is left. One thread at a time.
 */
public interface AnswerStream<T> extends AutoCloseable {
    /**
     * Whether there is another answer; waits until that is known.
     *
     * @throws ExtractionException if the server refuses or cannot be reached; what came before stays valid
     */
    boolean hasNext() throws ExtractionException;

    /**
     * The next answer; waits for it.
     *
     * @throws ExtractionException as {@link #hasNext}
     * @throws NoSuchElementException after the last one
     */
    T next() throws ExtractionException;

    /** Lets the server stop working on what nobody will read. */
    @Override
    void close();
}
