package io.nuner.capacity.simulation;

/** One text on its way through a simulation. One thread at a time. */
public final class Job {
    private final Arrival arrival;
    private State state = State.WAITING;
    private long endNanos;

    Job(Arrival arrival) {
        this.arrival = arrival;
    }

    /** What it asks for. */
    public Arrival arrival() {
        return arrival;
    }

    /** Tokens of its row. */
    public int tokens() {
        return arrival.tokens();
    }

    /** When its caller gives up. */
    public long deadlineNanos() {
        return arrival.atNanos() + arrival.timeoutNanos();
    }

    /** True if it is neither answered nor refused. */
    public boolean isWaiting() {
        return state == State.WAITING;
    }

    /** Ends it without an answer; has no effect if it has ended. */
    public void refuse(long nowNanos) {
        end(State.REFUSED, nowNanos);
    }

    /** Ends it with an answer; has no effect if it has ended. */
    void answer(long nowNanos) {
        end(nowNanos <= deadlineNanos() ? State.ANSWERED : State.LATE, nowNanos);
    }

    private void end(State newState, long nowNanos) {
        if (isWaiting()) {
            state = newState;
            endNanos = nowNanos;
        }
    }

    /** What became of it. */
    public State state() {
        return state;
    }

    /** From arrival to answer or refusal. */
    public long latencyNanos() {
        return endNanos - arrival.atNanos();
    }

    /** What became of a text. */
    public enum State {
        /** Nothing yet. */
        WAITING,
        /** In time. */
        ANSWERED,
        /** When nobody waited any more. */
        LATE,
        /** Not at all. */
        REFUSED
    }
}
