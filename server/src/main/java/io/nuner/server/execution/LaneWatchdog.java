package io.nuner.server.execution;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;

/**
 * Notices lanes that do not come back from a run. A state machine: {@link #look} says when to look again. One thread at a
 * time, but lanes are added on any.
 *
 * <p>A run past its soft limit makes the engine unwell until it comes back. A lane whose run is past its hard limit, or
 * whose thread has ended, is given up once and never looked at again. A lane that replaces another keeps the engine unwell
 * until it has proved itself.
 */
final class LaneWatchdog {
    /** The answer of {@link #look} if nothing can happen before a lane starts to run. */
    static final long NOTHING_TO_SEE = Long.MAX_VALUE;

    private final RunLimits limits;
    private final Alarms alarms;
    private final LongSupplier nanoClock;
    private final List<WatchedLane> lanes = new CopyOnWriteArrayList<>();
    private final Map<WatchedLane, LaneRun> slow = new HashMap<>();
    private boolean well = true;
    private boolean stuck;

    LaneWatchdog(RunLimits limits, Alarms alarms, LongSupplier nanoClock) {
        this.limits = limits;
        this.alarms = alarms;
        this.nanoClock = nanoClock;
    }

    /** Watches another lane, too. Any thread. */
    void add(WatchedLane lane) {
        lanes.add(lane);
    }

    /** True if a lane runs or has ended. Any thread. */
    boolean hasWork() {
        return lanes.stream().anyMatch(lane -> lane.run().isBusy() || !lane.isAlive());
    }

    /** Looks at every lane and raises alarms; how many nanoseconds later the next look is due. */
    long look() {
        long now = nanoClock.getAsLong();
        long next = NOTHING_TO_SEE;
        for (WatchedLane lane : lanes) {
            next = Math.min(next, look(lane, now));
        }
        reportStuck();
        reportWell();
        return well || lanes.isEmpty() ? next : Math.min(next, limits.lookNanos());
    }

    private long look(WatchedLane lane, long nowNanos) {
        boolean alive = lane.isAlive(); // before the run: a lane that ends between the two looks dead at the next look
        LaneRun run = lane.run();
        if (!alive || limits.isHung(run, nowNanos)) {
            return giveUp(lane, run);
        }
        if (limits.isSlow(run, nowNanos)) {
            if (slow.put(lane, run) != run) {
                alarms.slow(lane);
            }
            return limits.lookNanos();
        }
        slow.remove(lane);
        // no run that starts after this look can be slow before the soft limit has passed
        return run.isBusy() ? Math.min(limits.softNanos(), limits.untilSlow(run, nowNanos)) : NOTHING_TO_SEE;
    }

    private long giveUp(WatchedLane lane, LaneRun run) {
        if (lane.giveUp(run)) {
            lanes.remove(lane);
            slow.remove(lane);
            well = false;
            try {
                alarms.unwell();
            } finally {
                alarms.lost(lane, run); // whatever else fails: callers wait for the answers
            }
        }
        return limits.lookNanos();
    }

    private void reportStuck() {
        boolean now = !lanes.isEmpty() && slow.size() == lanes.size();
        if (now && !stuck) {
            alarms.stuck();
        }
        stuck = now;
    }

    private void reportWell() {
        boolean now = !lanes.isEmpty()
                && slow.isEmpty()
                && lanes.stream().noneMatch(lane -> lane.run().isTrial());
        if (now && !well) {
            alarms.wellAgain();
        }
        if (!now && well) {
            alarms.unwell();
        }
        well = now;
    }

    /** Told by the watchdog, on its thread. */
    interface Alarms {
        /** A run is past its soft limit; once for each. */
        void slow(WatchedLane lane);

        /** Every lane is past its soft limit: callers wait in vain. */
        void stuck();

        /** Something is wrong. Calls are not welcome. Idempotent. */
        void unwell();

        /** Every lane is in order. Calls are welcome. */
        void wellAgain();

        /**
         * The lane was given up and is watched no longer.
         *
         * @param run what it did
         */
        void lost(WatchedLane lane, LaneRun run);
    }

    /** A lane as the watchdog sees it. Any thread. */
    interface WatchedLane {
        /** What it does now. */
        LaneRun run();

        /** False if its thread has ended: no run of it will ever come back. */
        boolean isAlive();

        /** Takes the lane away from its thread for good; false if it is no longer at that run. */
        boolean giveUp(LaneRun run);
    }
}
