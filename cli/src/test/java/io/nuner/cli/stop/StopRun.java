package io.nuner.cli.stop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Carries a {@link StopPlan} out. Immutable; any thread.
 *
 * @param launcher the program up to the name of the command
 * @param checkpoint what is exported and served
 * @param directory for caches, exports and crash reports
 * @param callers how many ask at the same time
 */
record StopRun(List<String> launcher, Path checkpoint, Path directory, int callers) {
    /** Long enough that callers notice it, short enough for a test. */
    private static final long NOTICE_MILLIS = 500;

    /** The moment a signal is sent and the moment it is heard differ. */
    private static final long SLACK_MILLIS = 50;

    /** Carries plans out, {@code atOnce} at a time; the results in their order. */
    List<StopResult> all(List<StopPlan> plans, int atOnce) throws InterruptedException, ExecutionException {
        ExecutorService threads = Executors.newFixedThreadPool(atOnce);
        try {
            List<Callable<StopResult>> work = new ArrayList<>();
            for (StopPlan plan : plans) {
                String name = "stop-" + work.size();
                work.add(() -> run(name, plan));
            }
            List<StopResult> results = new ArrayList<>();
            for (Future<StopResult> result : threads.invokeAll(work)) {
                results.add(result.get());
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }

    /** Stops a process of its own; name is that of its directory. */
    private StopResult run(String name, StopPlan plan) throws IOException, InterruptedException {
        Path own = Files.createDirectories(directory.resolve(name));
        try (StoppedProcess process = StoppedProcess.start(launcher, own, words(plan, own))) {
            return plan.phase() == StopPlan.Phase.SERVING ? whileServing(process, plan) : before(process, plan);
        }
    }

    private List<String> words(StopPlan plan, Path own) {
        if (plan.phase() == StopPlan.Phase.EXPORTING) {
            return List.of("export", "--checkpoint=" + checkpoint, "--out=" + own.resolve("exported"));
        }
        Path cache = plan.phase() == StopPlan.Phase.SERVING ? directory.resolve("cache") : own.resolve("cache");
        return List.of(
                "serve",
                "--port=0",
                "--no-metrics",
                "--engine=onnx",
                "--calibration=100ms",
                "--drain-notice=" + NOTICE_MILLIS + "ms",
                "--model=" + checkpoint,
                "--cache=" + cache);
    }

    private StopResult before(StoppedProcess process, StopPlan plan) throws IOException, InterruptedException {
        if (plan.phase() == StopPlan.Phase.LOADING) {
            process.awaitFirstLine();
        }
        process.isGoneWithin(plan.delayMillis());
        long told = tell(process, plan);
        int exitCode = process.awaitExit();
        return new StopResult(plan, exitCode, millisSince(told), StopResult.Calls.NONE, process.log());
    }

    private StopResult whileServing(StoppedProcess process, StopPlan plan) throws IOException, InterruptedException {
        int port = process.awaitPort();
        if (port < 0) {
            throw new AssertionError("it did not serve: " + process.log());
        }
        try (Callers asking = new Callers(port, callers)) {
            asking.awaitFirstAnswer();
            process.isGoneWithin(plan.delayMillis());
            long told = tell(process, plan);
            int exitCode = process.awaitExit();
            long millis = millisSince(told);
            long taken = plan.isTwice() ? Math.min(plan.secondMillis(), NOTICE_MILLIS) : NOTICE_MILLIS;
            long refused = told + TimeUnit.MILLISECONDS.toNanos(taken - SLACK_MILLIS);
            List<Callers.Call> calls = asking.calls();
            List<Callers.Call> lost =
                    calls.stream().filter(call -> call.isLost(refused)).toList();
            return new StopResult(plan, exitCode, millis, new StopResult.Calls(calls.size(), lost), process.log());
        }
    }

    /** The time of the first signal. */
    private static long tell(StoppedProcess process, StopPlan plan) throws IOException, InterruptedException {
        long told = System.nanoTime();
        process.signal(plan.signal());
        if (plan.isTwice()) {
            process.isGoneWithin(plan.secondMillis());
            process.signal(plan.signal());
        }
        return told;
    }

    private static long millisSince(long nanos) {
        return (System.nanoTime() - nanos) / 1_000_000;
    }
}
