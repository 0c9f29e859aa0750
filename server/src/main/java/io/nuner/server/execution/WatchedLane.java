package io.nuner.server.execution;

/** A lane as the watchdog sees it. Any thread. */
interface WatchedLane {
    /** What it does now. */
    LaneRun run();

    /** False if its thread has ended: no run of it will ever come back. */
    boolean isAlive();

    /** Takes the lane away from its thread for good; false if it is no longer at that run. */
    boolean giveUp(LaneRun run);
}
