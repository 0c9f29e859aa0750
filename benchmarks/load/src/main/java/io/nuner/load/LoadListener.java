package io.nuner.load;

/** Watches a run. Called by one thread of the run, about ten times a second. */
public interface LoadListener {
    /** So far the run has come. Must return soon. */
    void progress(LoadStatus status);
}
