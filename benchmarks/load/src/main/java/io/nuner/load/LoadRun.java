package io.nuner.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One run of a schedule against a server. The thread that runs it sends; a timer cancels calls and reports progress. Any thread
 * may stop it, after which it ends within seconds and reports what there is.
 */
public final class LoadRun {
    /** A call that has no end this long after its deadline, or after the run was stopped, is hung. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    private static final long TICK_MILLIS = 100;

    /** Cancels come within this part of the usual life of a call, so that some come too late. */
    private static final double CANCEL_RANGE = 1.25;

    private static final long UNKNOWN_LIFE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Connections connections;
    private final Workload workload;
    private final LoadSchedule schedule;
    private final TraceLog trace;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "load-timer");
        thread.setDaemon(true);
        return thread;
    });
    private final List<StepRun> runs = new ArrayList<>();
    private final Context context = new Context();
    private final AtomicLong doneNanos = new AtomicLong();
    private volatile @Nullable StepRun current;
    private volatile String label = "warm-up";
    private volatile boolean stopped;
    private volatile long usualLifeNanos = UNKNOWN_LIFE_NANOS;
    private boolean counted;
    private long firstStepNanos;

    /** A run that has not begun. */
    public LoadRun(Connections connections, Workload workload, LoadSchedule schedule, TraceLog trace) {
        this.connections = connections;
        this.workload = workload;
        this.schedule = schedule;
        this.trace = trace;
    }

    /**
     * Runs the schedule, once; ends when every call is accounted for.
     *
     * @param maxRows what the server puts into a batch at most; 0 if it does not say
     * @return a report for each step that was begun
     */
    public List<StepReport> run(Listener listener, int maxRows) throws InterruptedException {
        var unused =
                timer.scheduleWithFixedDelay(() -> tick(listener), TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
        try {
            warmUp();
            counted = true;
            firstStepNanos = System.nanoTime();
            for (int i = 0; i < schedule.steps().size() && !stopped; i++) {
                run(schedule.steps().get(i), i);
            }
            for (StepRun run : runs) {
                run.drain(longestDrain());
            }
        } finally {
            timer.shutdownNow();
        }
        return runs.stream().map(run -> run.report(maxRows)).toList();
    }

    /** Sends no more calls; the run then waits a few seconds for those under way. */
    public void stop() {
        stopped = true;
    }

    private void warmUp() throws InterruptedException {
        if (schedule.warmUp().isZero()) {
            return;
        }
        Step step = schedule.steps().get(0).beginningFor(schedule.warmUp());
        StepRun run = begin(step, -1);
        current = run;
        run.send();
        doneNanos.addAndGet(schedule.warmUp().toNanos());
        if (!step.isOpen()) {
            run.drain(longestDrain()); // or there would be twice as many calls in flight
        }
    }

    private void run(Step step, int index) throws InterruptedException {
        label = step.label();
        StepRun run = begin(step, index);
        runs.add(run);
        current = run;
        run.send();
        if (!schedule.continuous()) {
            run.drain(longestDrain());
        }
        doneNanos.addAndGet(step.duration().toNanos());
    }

    private StepRun begin(Step step, int index) {
        return new StepRun(step, schedule.spacing(), schedule.seed() * 31 + index, context);
    }

    private Duration longestDrain() {
        return stopped ? GRACE : workload.traffic().deadline().plus(GRACE);
    }

    private void tick(Listener listener) {
        StepRun run = current;
        if (run == null) {
            return;
        }
        StepRecorder.Progress status = run.status();
        if (status.medianNanos() > 0) {
            usualLifeNanos = status.medianNanos();
        }
        long totalNanos = schedule.total().toNanos();
        long elapsedNanos = Math.min(totalNanos, doneNanos.get() + run.elapsedNanos());
        StepReport.Second second = status.second();
        listener.progress(new Status(
                label,
                (double) elapsedNanos / totalNanos,
                TimeUnit.NANOSECONDS.toSeconds(totalNanos - elapsedNanos),
                status.inFlight(),
                second.sent(),
                second.good(),
                second.refused(),
                status.p99Millis()));
    }

    /** What the steps of a run share. The sending thread calls {@link #sent}; the rest is for any thread. */
    final class Context {
        Connections connections() {
            return connections;
        }

        Workload workload() {
            return workload;
        }

        TraceLog trace() {
            return trace;
        }

        /** True once no more calls shall be sent. */
        boolean isStopped() {
            return stopped;
        }

        /** A call was sent that should have started at a time of {@link System#nanoTime}. */
        void sent(CallInFlight call, long intendedNanos) {
            if (counted) {
                trace.sent(call.asked(), intendedNanos - firstStepNanos);
            }
            if (call.asked().kind() == NextCall.Kind.CANCELLED) {
                double delayNanos = call.asked().point() * CANCEL_RANGE * usualLifeNanos;
                var unused = timer.schedule(call::cancel, (long) delayNanos, TimeUnit.NANOSECONDS);
            }
        }
    }

    /** Watches a run. Called by one thread of the run, about ten times a second. */
    public interface Listener {
        /** Tells how far the run is. Must return soon. */
        void progress(Status status);
    }

    /**
     * How far a run is. Immutable.
     *
     * @param step what the step is called; {@code warm-up} before the first
     * @param done part of the run that is over, in [0, 1]
     * @param sentPerSecond calls sent in the last whole second
     * @param okPerSecond calls answered within their deadline in it
     * @param refusedPerSecond calls refused in it
     * @param p99Millis of the latencies of the step so far
     */
    public record Status(
            String step,
            double done,
            long secondsLeft,
            long inFlight,
            long sentPerSecond,
            long okPerSecond,
            long refusedPerSecond,
            double p99Millis) {}
}
