package io.nuner.server.batching;

import com.lmax.disruptor.EventHandler;
import io.nuner.server.batching.BatchFormer.Window;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Forms batches. A single-threaded state machine: requests come in, lanes come back, and a batch leaves
 * whenever a request waits and a lane is free. Batcher thread only.
 *
 * <p>A batch is decided when a lane is free and not before, so while every lane is busy whatever arrives may still join. The
 * {@link BatchFormer} decides by the measured costs which texts go together, and {@link Linger} decides whether a free lane
 * waits for one more. Nothing here blocks.
 */
public final class Batcher implements EventHandler<BatcherRing.Slot> {
    /** The value of {@link #alarmNanos} if no alarm is set. */
    public static final long NO_ALARM = Long.MAX_VALUE;

    /** A waiting request that passes its deadline is answered at most this much late. */
    private static final long EXPIRY_CHECK_NANOS = 20_000_000L;

    private static final long RETRY_NANOS = 1_000_000L;
    /** Texts looked at for one batch, in batches; more would cost more time than they bring. */
    private static final int WINDOW_BATCHES = 4;

    private static final int MAX_WINDOW = 256;
    private final OnlyThread thread = new OnlyThread();
    private final LongSupplier nanoClock;
    private final Backlog backlog;
    private final Observer observer;
    private final Pace pace;
    private final WaitingRequests waiting;
    private final Window window;
    private final BatchFormer former;
    private final Linger linger;
    private final Queue<Lane> freeLanes = new ArrayDeque<>();
    private final List<Lane> busyLanes = new ArrayList<>();
    private long alarmNanos = NO_ALARM;
    private long lingerEndNanos = NO_ALARM;
    private long nextExpiryNanos = NO_ALARM;
    private boolean engineLost;
    /** No lane is free and none is expected back, for now. */
    private boolean stuck;

    /** A batcher without lanes: each one reports itself by {@link BatcherEvent.LaneFreed}. */
    public Batcher(BatchPolicy policy, Backlog backlog, Observer observer, LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        this.backlog = backlog;
        this.observer = observer;
        pace = new Pace(policy);
        waiting = new WaitingRequests(policy);
        int maxRows = policy.limits().maxRows();
        window = new Window(Math.max(maxRows, Math.min(WINDOW_BATCHES * maxRows, MAX_WINDOW)), maxRows);
        former = new BatchFormer(policy, pace, window);
        linger = new Linger(policy, pace);
        backlog.publishPace(pace.nanosPerToken(), pace.drift());
    }

    @Override
    public void onEvent(BatcherRing.Slot slot, long sequence, boolean endOfBatch) {
        assert thread.sameAsBefore() : "two threads call the batcher";
        try {
            slot.apply(this);
        } finally {
            if (endOfBatch) { // decide once per wake-up, when everything already published has been seen
                decide();
            }
        }
    }

    @Override
    public void onTimeout(long sequence) {
        assert thread.sameAsBefore() : "two threads call the batcher";
        decide();
    }

    @Override
    public void onShutdown() {
        waiting.rejectAll(Rejection.SHUTTING_DOWN);
    }

    /** When {@link #decide} must be called although nothing happened, or {@link #NO_ALARM}. */
    public long alarmNanos() {
        return alarmNanos;
    }

    /** Takes note of an event; {@link #decide} must follow. */
    public void note(BatcherEvent event) {
        event.applyTo(this);
    }

    void onArrived(PendingRequest request) {
        if (engineLost || stuck) {
            request.reply().reject(Rejection.ENGINE_LOST);
            return;
        }
        long now = nanoClock.getAsLong();
        pace.arrived(request, now);
        long wait = firstFreeNanos(now) - now + pace.nanosOf(waiting.textsBefore(request));
        if (pace.isSurelyLate(wait, request, now) && !tryAnyway(request, now)) {
            request.reply().reject(Rejection.UNMEETABLE, wait + pace.nanosAlone(request));
            return;
        }
        if (!request.isRow() && !request.yields()) {
            request.tenant().publishLastDeadline(request.deadlineNanos());
        }
        waiting.add(request);
    }

    private boolean tryAnyway(PendingRequest request, long nowNanos) {
        boolean idle = busyLanes.isEmpty() && waiting.isEmpty() && !freeLanes.isEmpty();
        return idle && pace.tryAnyway(request, nowNanos);
    }

    void onLaneFreed(Lane lane) {
        Batch batch = lane.batch();
        try {
            if (busyLanes.remove(lane)) {
                learn(batch);
            }
        } finally { // whatever an observer throws, the lane must not be lost
            batch.clear();
            freeLanes.add(lane);
            stuck = false;
        }
    }

    private void learn(Batch batch) {
        if (batch.runNanos() > 0) {
            pace.ran(batch, nanoClock.getAsLong());
            backlog.publishPace(pace.nanosPerToken(), pace.drift());
        }
        observer.finished(batch);
    }

    /** Leaves the lane's batch as it is: its thread may still look at it. */
    void onLaneLost(Lane lane) {
        busyLanes.remove(lane);
        freeLanes.remove(lane);
        if (busyLanes.isEmpty()) {
            onLanesStuck();
        }
    }

    /** Refuses all who wait: the lanes may never come back, and another replica may answer. */
    void onLanesStuck() {
        if (freeLanes.isEmpty()) { // a lane may have come back just before this event
            stuck = true;
            waiting.rejectAll(Rejection.ENGINE_LOST);
        }
    }

    void onEngineLost() {
        engineLost = true;
        freeLanes.clear();
        waiting.rejectAll(Rejection.ENGINE_LOST);
    }

    /** Lets batches leave and sets the alarm. */
    public void decide() {
        long now = nanoClock.getAsLong();
        alarmNanos = now + RETRY_NANOS; // if something below throws, try again in a millisecond
        lingerEndNanos = NO_ALARM;
        if (!waiting.isEmpty()) {
            waiting.promote(now);
            expire(now);
            dispatch(now);
        }
        if (waiting.isEmpty()) {
            nextExpiryNanos = NO_ALARM;
            former.forget();
        }
        alarmNanos = Math.min(lingerEndNanos, nextExpiryNanos);
        publish(now);
    }

    private void expire(long nowNanos) {
        if (nextExpiryNanos == NO_ALARM || nowNanos - nextExpiryNanos >= 0) {
            waiting.expire(nowNanos);
            nextExpiryNanos = nowNanos + EXPIRY_CHECK_NANOS;
        }
    }

    private void dispatch(long nowNanos) {
        boolean more = true;
        while (more && !freeLanes.isEmpty() && !waiting.isEmpty()) {
            more = launch(nowNanos);
        }
    }

    /** Starts one batch, if a text waits; false if the lane waits for one more text instead. */
    private boolean launch(long nowNanos) {
        @Nullable Lane filled;
        try {
            waiting.offer(window, pace, nowNanos);
            filled = fillLane(nowNanos);
        } finally { // also when a receiver throws: what was answered must leave the queues
            waiting.endOffer();
            window.clear();
        }
        if (filled == null) {
            return lingerEndNanos == NO_ALARM;
        }
        filled.batch().leaves(waiting.size());
        start(filled, filled.batch());
        return true;
    }

    /** Moves a batch of the window to a free lane; null if the window is empty or waits for one more text. */
    private @Nullable Lane fillLane(long nowNanos) {
        if (window.size() == 0) {
            return null;
        }
        long expected = former.choose(nowNanos);
        boolean allChosen = former.rows() == window.size() && window.size() == waiting.size();
        long lingerNanos = allChosen ? linger.nanos(former, window.oldestReadyNanos(), nowNanos) : 0;
        if (lingerNanos > 0) {
            lingerEndNanos = nowNanos + lingerNanos;
            return null;
        }
        Lane lane = freeLanes.remove();
        Batch batch = lane.batch();
        for (int i = 0; i < window.size(); i++) {
            if (former.isChosen(i)) {
                waiting.take(window.get(i));
                batch.add(window.get(i));
            }
        }
        batch.start(nowNanos, expected);
        return lane;
    }

    private void start(Lane lane, Batch batch) {
        busyLanes.add(lane);
        try {
            observer.launched(batch);
        } finally { // whatever an observer throws, the texts must run
            handOver(lane, batch);
        }
    }

    private void handOver(Lane lane, Batch batch) {
        try {
            lane.start();
        } catch (RuntimeException | Error e) {
            busyLanes.remove(lane);
            batch.rejectAll(Rejection.DEFECT);
            throw e; // to the ring's exception handler, which reports it and goes on
        }
    }

    private void publish(long nowNanos) {
        long running = 0;
        for (int i = 0; i < busyLanes.size(); i++) {
            running += busyLanes.get(i).batch().tokens();
        }
        backlog.publishLanes(firstFreeNanos(nowNanos), running);
        backlog.publishWaiting(waiting.size(), waiting.oldestReadyNanos(nowNanos));
    }

    /** When the first lane is expected to be free; now, if one is free or none exists. */
    private long firstFreeNanos(long nowNanos) {
        if (!freeLanes.isEmpty() || busyLanes.isEmpty()) {
            return nowNanos;
        }
        long soonest = Long.MAX_VALUE;
        for (int i = 0; i < busyLanes.size(); i++) {
            Batch batch = busyLanes.get(i).batch();
            soonest = Math.min(soonest, batch.startNanos() + batch.expectedNanos() - nowNanos);
        }
        return nowNanos + Math.max(0, soonest);
    }

    /**
     * Told of what the batcher does. Called on the batcher thread; must not block or keep a batch. What it throws is reported
     * as a defect and costs no lane and no text.
     */
    public interface Observer {
        /** A batch is about to leave. */
        void launched(Batch batch);

        /** A batch is done, and its requests are still in it. */
        void finished(Batch batch);

        /** Does nothing. */
        static Observer none() {
            return new Observer() {
                @Override
                public void launched(Batch batch) {
                    // nothing to do
                }

                @Override
                public void finished(Batch batch) {
                    // nothing to do
                }
            };
        }
    }

    /**
     * Decides whether a free lane waits for one more text. Batcher thread only.
     *
     * <p>{@code n} texts wait, their batch costs C(n), another text alone costs C(1), all together cost C(n+1), and the next text
     * is expected in {@code g}. If the lane goes at once, the next text waits for the running batch. If the lane waits, the next
     * text gains {@code C(n) + C(1) - g - C(n+1)}, and each of the {@code n} loses {@code g + C(n+1) - C(n)}. Waiting pays where
     * the gain exceeds the sum of the losses. It never pays on an engine whose cost grows with its tokens from the first one on,
     * nor on an idle server, which expects no text soon.
     */
    private static final class Linger {
        private final BatchPolicy policy;
        private final Pace pace;

        Linger(BatchPolicy policy, Pace pace) {
            this.policy = policy;
            this.pace = pace;
        }

        /**
         * How long to wait for one more; zero to go now.
         *
         * @param former has chosen every text that waits
         * @param oldestReadyNanos when the oldest of them became ready
         */
        long nanos(BatchFormer former, long oldestReadyNanos, long nowNanos) {
            int rows = former.rows();
            if (policy.maxLingerNanos() == 0 || !policy.limits().admits(rows, former.longest(), pace.meanRow())) {
                return 0;
            }
            long gap = pace.expectedGapNanos(nowNanos);
            long now = pace.nanos(rows, former.longest(), former.sum());
            long alone = pace.nanos(1, pace.meanRow(), pace.meanRow());
            long together =
                    pace.nanos(rows + 1, Math.max(former.longest(), pace.meanRow()), former.sum() + pace.meanRow());
            boolean pays = now + alone - gap - together > rows * (gap + together - now);
            boolean soonEnough = nowNanos - oldestReadyNanos + gap <= Math.min(policy.maxLingerNanos(), alone);
            boolean inTime = 2 * gap + 2 * together <= former.tightestNanos();
            return pays && soonEnough && inTime ? gap : 0;
        }
    }

    /** Checks by assertion that one thread makes all calls. Remembers nothing where assertions are off. */
    static final class OnlyThread {
        private @Nullable Thread first;

        /** True if every call so far came from the current thread; remembers it at the first call. */
        boolean sameAsBefore() {
            if (first == null) {
                first = Thread.currentThread();
            }
            return first == Thread.currentThread();
        }
    }
}
