package io.nuner.server.execution;

/** Told of what goes wrong in the engine. Called on threads of lanes and of their watchdog; must not block or throw. */
public interface EngineWatch {
    /** A batch, or a row of it, failed; the engine goes on. */
    void batchFailed(Throwable fault);

    /** Our own code failed on a lane's thread; the lane goes on. */
    void defect(Throwable fault);

    /**
     * A run takes suspiciously long, or never came back.
     *
     * @param kind what happened, a constant of the program
     * @param place its stack trace tells where the lane's thread was
     */
    void laneTrouble(String kind, Throwable place);

    /** Whether calls are welcome: not while a lane is in trouble. */
    void serving(boolean welcome);

    /** The engine cannot run any further batch. May be called by each lane. */
    void engineLost(Throwable fault);
}
