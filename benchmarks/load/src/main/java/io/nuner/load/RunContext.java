package io.nuner.load;

/** What the steps of a run share. The sending thread calls {@link #sent}; the rest is for any thread. */
interface RunContext {
    Connections connections();

    Workload workload();

    TraceLog trace();

    /** True once no more calls shall be sent. */
    boolean isStopped();

    /** A call was sent that should have started at a time of {@link System#nanoTime}. */
    void sent(CallInFlight call, long intendedNanos);
}
