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
 * One run of a plan against a server. The thread that runs it sends; a timer cancels calls and reports progress. Any thread
 * may stop it, after which it ends within seconds and reports what there is.
 */
public final class LoadRun {
    /** After its deadline a call gets so long before it is called hung; so does every call of a run that is stopped. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    private static final long TICK_MILLIS = 100;

    /** Cancels come within this part of the usual life of a call, so that some come too late. */
    private static final double CANCEL_RANGE = 1.25;

    private static final long UNKNOWN_LIFE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Connections connections;
    private final Workload workload;
    private final LoadPlan plan;
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
    public LoadRun(Connections connections, Workload workload, LoadPlan plan, TraceLog trace) {
        this.connections = connections;
        this.workload = workload;
        this.plan = plan;
        this.trace = trace;
    }

    /**
     * Runs the plan, once; ends when every call is accounted for.
     *
     * @param maxRows what the server puts into a batch at most; 0 if it does not say
     * @return a report for each step that was begun
     */
    public List<StepReport> run(LoadListener listener, int maxRows) throws InterruptedException {
        var unused =
                timer.scheduleWithFixedDelay(() -> tick(listener), TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
        try {
            warmUp();
            counted = true;
            firstStepNanos = System.nanoTime();
            for (int i = 0; i < plan.steps().size() && !stopped; i++) {
                run(plan.steps().get(i), i);
            }
            for (StepRun run : runs) {
                run.drain(longestDrain());
            }
        } finally {
            timer.shutdownNow();
        }
        return runs.stream().map(run -> run.report(maxRows)).toList();
    }

    /** Sends no more calls and waits no longer than seconds for those under way. */
    public void stop() {
        stopped = true;
    }

    private void warmUp() throws InterruptedException {
        if (plan.warmUp().isZero()) {
            return;
        }
        Step step = plan.steps().get(0).beginningFor(plan.warmUp());
        StepRun run = begin(step, -1);
        current = run;
        run.send();
        doneNanos.addAndGet(plan.warmUp().toNanos());
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
        if (!plan.continuous()) {
            run.drain(longestDrain());
        }
        doneNanos.addAndGet(step.duration().toNanos());
    }

    private StepRun begin(Step step, int index) {
        return new StepRun(step, plan.spacing(), plan.seed() * 31 + index, context);
    }

    private Duration longestDrain() {
        return stopped ? GRACE : workload.traffic().deadline().plus(GRACE);
    }

    private void tick(LoadListener listener) {
        StepRun run = current;
        if (run == null) {
            return;
        }
        StepStatus status = run.status();
        if (status.medianNanos() > 0) {
            usualLifeNanos = status.medianNanos();
        }
        long totalNanos = plan.total().toNanos();
        long elapsedNanos = Math.min(totalNanos, doneNanos.get() + run.elapsedNanos());
        Timeline.Second second = status.second();
        listener.progress(new LoadStatus(
                label,
                (double) elapsedNanos / totalNanos,
                TimeUnit.NANOSECONDS.toSeconds(totalNanos - elapsedNanos),
                status.inFlight(),
                second.sent(),
                second.good(),
                second.refused(),
                status.p99Millis()));
    }

    /** What its steps see of the run. */
    private final class Context implements RunContext {
        @Override
        public Connections connections() {
            return connections;
        }

        @Override
        public Workload workload() {
            return workload;
        }

        @Override
        public TraceLog trace() {
            return trace;
        }

        @Override
        public boolean isStopped() {
            return stopped;
        }

        @Override
        public void sent(CallInFlight call, long intendedNanos) {
            if (counted) {
                trace.sent(call.plan(), intendedNanos - firstStepNanos);
            }
            if (call.plan().kind() == CallKind.CANCELLED) {
                double delayNanos = call.plan().point() * CANCEL_RANGE * usualLifeNanos;
                var unused = timer.schedule(call::cancel, (long) delayNanos, TimeUnit.NANOSECONDS);
            }
        }
    }
}
