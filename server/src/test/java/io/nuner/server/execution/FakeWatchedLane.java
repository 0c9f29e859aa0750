package io.nuner.server.execution;

import io.nuner.server.execution.LaneWatchdog.WatchedLane;

/** A lane without a thread that does what a test says. One thread at a time. */
final class FakeWatchedLane implements WatchedLane {
    private final String name;
    private LaneRun run = LaneRun.NONE;
    private boolean alive = true;
    private boolean backJustInTime;

    FakeWatchedLane(String name) {
        this.name = name;
    }

    void runs(long nowNanos, long expectedNanos) {
        run = LaneRun.pass(nowNanos, expectedNanos);
    }

    void tries(long nowNanos) {
        run = LaneRun.trial(nowNanos);
    }

    void comesBack() {
        run = LaneRun.NONE;
    }

    void comesBackBeforeItIsGivenUp() {
        backJustInTime = true;
    }

    void dies() {
        alive = false;
    }

    boolean isGivenUp() {
        return run == LaneRun.GIVEN_UP;
    }

    @Override
    public LaneRun run() {
        return run;
    }

    @Override
    public boolean isAlive() {
        return alive;
    }

    @Override
    public boolean giveUp(LaneRun seen) {
        if (backJustInTime) {
            run = LaneRun.NONE;
        }
        if (run != seen) {
            return false;
        }
        run = LaneRun.GIVEN_UP;
        return true;
    }

    @Override
    public String toString() {
        return name;
    }
}
