package io.nuner.capacity.simulation;

import java.util.List;

/** Forms batches in a simulation. One thread at a time; all times are on the simulated clock. */
public interface BatchingRule {
    /** Returned by {@link #alarmNanos} if no alarm is set. */
    long NO_ALARM = Long.MAX_VALUE;

    /** A text arrives. */
    void arrived(Job job, long nowNanos);

    /** A lane is free: at the start, and after each of its batches. The jobs of the batch have been answered. */
    void laneFreed(int lane, long nowNanos);

    /** The alarm rings. */
    void wake(long nowNanos);

    /** When to {@link #wake}, or {@link #NO_ALARM}. */
    long alarmNanos();

    /** Makes a rule. */
    interface Maker {
        /** A rule that starts batches on the given lanes. */
        BatchingRule make(Lanes lanes);
    }

    /** Where batches run. */
    interface Lanes {
        /** How many there are; each is known by its index. */
        int count();

        /** Runs jobs on a free lane. */
        void start(int lane, List<Job> batch);
    }
}
