package io.nuner.load;

import io.nuner.v1.ExtractResponse;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** One step under way: sends its calls and keeps its books. One thread sends; calls end on any thread. */
final class StepRun implements CallInFlight.Ends {
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final Step step;
    private final RunContext run;
    private final long startNanos;
    private final Pacing pacing;
    private final StepRecorder recorder;
    private final Set<CallInFlight> inFlight = ConcurrentHashMap.newKeySet();
    private final Duration cpuAtStart = cpu();
    private long sendingNanos;
    private Duration cpuAtEnd = cpuAtStart;

    /** A step that begins now; {@code seed} fixes its arrivals. */
    StepRun(Step step, Spacing spacing, long seed, RunContext run) {
        this.step = step;
        this.run = run;
        this.startNanos = System.nanoTime();
        this.recorder = new StepRecorder(step, startNanos);
        this.pacing = step.isOpen()
                ? new Pacing.Open(new Arrivals(step, spacing, seed), startNanos, run::isStopped)
                : new Pacing.Closed(
                        step.concurrency(), startNanos + step.duration().toNanos(), run::isStopped);
    }

    /** Sends all calls of the step, or until the run is stopped. */
    void send() throws InterruptedException {
        CallPlan plan = run.workload().next();
        byte[] message = run.workload().message(plan); // made while there is time
        while (pacing.awaitNext()) {
            send(plan, message);
            plan = run.workload().next();
            message = run.workload().message(plan);
        }
        boolean whole = !run.isStopped()
                && (!step.isOpen()
                        || Pacing.sleepUntil(startNanos + step.duration().toNanos(), run::isStopped));
        sendingNanos = whole ? step.duration().toNanos() : System.nanoTime() - startNanos;
        cpuAtEnd = cpu();
    }

    /** Waits for the ends of all calls; those that take longer are hung. */
    void drain(Duration longest) throws InterruptedException {
        long limitNanos = System.nanoTime() + longest.toNanos();
        while (recorder.inFlight() > 0 && limitNanos - System.nanoTime() > 0) {
            LockSupport.parkNanos(LOOK_NANOS);
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while waiting for the last answers");
            }
        }
        inFlight.forEach(CallInFlight::giveUp);
        cpuAtEnd = cpu();
    }

    Step step() {
        return step;
    }

    StepStatus status() {
        return recorder.status(System.nanoTime());
    }

    /** Time since its beginning, at most its duration. */
    long elapsedNanos() {
        return Math.min(System.nanoTime() - startNanos, step.duration().toNanos());
    }

    StepReport report(int maxRows) {
        double cpuSeconds = cpuAtEnd.minus(cpuAtStart).toNanos() / 1e9;
        return recorder.report(Math.max(1, sendingNanos), maxRows, cpuSeconds);
    }

    @Override
    public void finished(CallInFlight call, CallOutcome outcome, long nowNanos) {
        inFlight.remove(call);
        recorder.finished(run.workload().tenant(call.plan()), outcome, nowNanos);
        ExtractResponse response = outcome.response();
        if (response != null) {
            run.trace().answered(call.plan(), response);
        }
        pacing.callEnded();
    }

    @Override
    public void hung(CallInFlight call) {
        inFlight.remove(call);
        recorder.hung(run.workload().tenant(call.plan()), call.plan());
        pacing.callEnded();
    }

    private void send(CallPlan plan, byte[] message) {
        String tenant = run.workload().tenant(plan);
        long intendedNanos = pacing.intendedNanos();
        long nowNanos = System.nanoTime();
        long lagNanos = nowNanos - intendedNanos;
        CallInFlight call = new CallInFlight(
                plan,
                intendedNanos,
                run.connections().newCall(plan.deadlineNanos() - lagNanos),
                System::nanoTime,
                this);
        recorder.sent(tenant, plan, nowNanos, lagNanos);
        inFlight.add(call);
        call.send(message, tenant);
        run.sent(call, intendedNanos);
    }

    private static Duration cpu() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    }
}
