package io.nuner.gputest.stage;

import io.nuner.load.Connections;
import io.nuner.load.LabelSets;
import io.nuner.load.LoadRun;
import io.nuner.load.LoadSchedule;
import io.nuner.load.LoadSchedule.Spacing;
import io.nuner.load.Step;
import io.nuner.load.StepReport;
import io.nuner.load.TextPool;
import io.nuner.load.TraceLog;
import io.nuner.load.Traffic;
import io.nuner.load.Workload;
import io.nuner.model.encode.EncodedRequest;
import java.time.Duration;
import java.util.List;

/** Calls of the load harness to a server on this machine, as closed loops. Owns its connections. One thread at a time. */
final class ServerCalls implements AutoCloseable {
    private static final int CONNECTIONS = 8;
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final Connections connections;
    private final long seed;

    private ServerCalls(Connections connections, long seed) {
        this.connections = connections;
        this.seed = seed;
    }

    /** Makes the connections. */
    static ServerCalls open(int port, long seed) {
        Connections connections = Connections.open("127.0.0.1:" + port, false, CONNECTIONS);
        connections.serverInfo(DEADLINE);
        return new ServerCalls(connections, seed);
    }

    /** A step in which a number of calls is kept in flight. */
    static Step inFlight(int calls, double seconds) {
        return Step.closed(calls, duration(seconds));
    }

    /** Asks about texts drawn from these, after a warm-up with the load of the first step; returns when all calls have ended. */
    List<StepReport> run(List<EncodedRequest> texts, double warmUpSeconds, List<Step> steps, LoadRun.Listener listener)
            throws InterruptedException {
        Workload workload = new Workload(
                TextPool.of(texts.stream().map(text -> text.words().text()).toList()),
                LabelSets.of(List.of(TestTexts.LABELS)),
                Traffic.plain(DEADLINE),
                seed);
        LoadSchedule schedule = new LoadSchedule(steps, Spacing.CONSTANT, duration(warmUpSeconds), false, seed);
        return new LoadRun(connections, workload, schedule, new TraceLog(workload, 0)).run(listener, 0);
    }

    /** Tokens of all rows that were answered. */
    static double tokens(StepReport report) {
        double rows = report.batches().rows();
        return rows == 0 ? 0 : answers(report) * report.batches().tokens() / rows;
    }

    /** Calls without an answer. */
    static long failures(StepReport report) {
        return report.calls().sent() - answers(report);
    }

    private static long answers(StepReport report) {
        return report.calls().of("OK");
    }

    private static Duration duration(double seconds) {
        return Duration.ofNanos((long) (seconds * 1e9));
    }

    @Override
    public void close() {
        connections.close();
    }
}
