package io.nuner.engine;

/** How many lanes of an engine are open: never more than it has, and none is ever lost. Any thread. */
public final class OpenLanes {
    private int most;
    private int open;
    private boolean closed;

    /** None is open yet. */
    public OpenLanes(int most) {
        this.most = most;
    }

    /**
     * Counts one lane more; {@link #giveBack} must follow once.
     *
     * @throws EngineException if all are open or the engine is closed
     */
    public synchronized void take() throws EngineException {
        if (closed || open == most) {
            throw EngineException.cannotOpen(
                    "the engine is closed or its " + most + " lanes are open", new IllegalStateException());
        }
        open++;
    }

    /** Changes how many there may be. */
    public synchronized void limit(int newMost) {
        most = newMost;
    }

    /** One lane is closed. */
    public synchronized void giveBack() {
        open--;
    }

    /** From now on no lane opens; true the first time. */
    public synchronized boolean close() {
        boolean first = !closed;
        closed = true;
        return first;
    }
}
