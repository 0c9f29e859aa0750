package io.nuner.model.export;

/** Told how far an export is. Called on the exporting thread. */
@FunctionalInterface
public interface ProgressListener {
    /**
     * A step was done.
     *
     * @param stage what is being written, for humans
     * @param done steps of the stage that are done
     * @param total steps of the stage
     */
    void progress(String stage, int done, int total);

    /** Tells nobody. */
    static ProgressListener none() {
        return (stage, done, total) -> {};
    }
}
