package io.nuner.cli.stop;

/** Work that ends in its own way when the process is told to stop. Both methods are called on threads of their own. */
public interface Stoppable {
    /**
     * Ends the work; called once, by the first signal.
     *
     * @return the exit code; the process ends with it as soon as this returns
     */
    int stop(StopSignal signal);

    /** Hurries the end: called by each further signal while {@link #stop} runs. Does not wait. */
    void hurry();
}
