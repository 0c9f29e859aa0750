package io.nuner.load;

import io.nuner.load.LoadSchedule.Spacing;
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
    private final LoadRun.Context run;
    private final long startNanos;
    private final Pacing pacing;
    private final StepRecorder recorder;
    private final Set<CallInFlight> inFlight = ConcurrentHashMap.newKeySet();
    private final Duration cpuAtStart = cpu();
    private long sendingNanos;
    private Duration cpuAtEnd = cpuAtStart;

    /** A step that begins now; {@code seed} fixes its arrivals. */
    StepRun(Step step, Spacing spacing, long seed, LoadRun.Context run) {
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
        NextCall asked = run.workload().next();
        byte[] message = run.workload().message(asked); // made while there is time
        while (pacing.awaitNext()) {
            send(asked, message);
            asked = run.workload().next();
            message = run.workload().message(asked);
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

    StepRecorder.Progress status() {
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
    public void finished(CallInFlight call, CallInFlight.Outcome outcome, long nowNanos) {
        inFlight.remove(call);
        recorder.finished(run.workload().tenant(call.asked()), outcome, nowNanos);
        ExtractResponse response = outcome.response();
        if (response != null) {
            run.trace().answered(call.asked(), response);
        }
        pacing.callEnded();
    }

    @Override
    public void hung(CallInFlight call) {
        inFlight.remove(call);
        recorder.hung(run.workload().tenant(call.asked()), call.asked());
        pacing.callEnded();
    }

    private void send(NextCall asked, byte[] message) {
        String tenant = run.workload().tenant(asked);
        long intendedNanos = pacing.intendedNanos();
        long nowNanos = System.nanoTime();
        long lagNanos = nowNanos - intendedNanos;
        CallInFlight call = new CallInFlight(
                asked,
                intendedNanos,
                run.connections().newCall(asked.deadlineNanos() - lagNanos),
                System::nanoTime,
                this);
        recorder.sent(tenant, asked, nowNanos, lagNanos);
        inFlight.add(call);
        call.send(message, tenant);
        run.sent(call, intendedNanos);
    }

    private static Duration cpu() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    }
}
