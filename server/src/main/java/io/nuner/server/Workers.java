package io.nuner.server;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallExecutorSupplier;
import io.nuner.server.batching.Reply;
import io.nuner.server.config.LoadConfig;
import io.nuner.server.observe.FaultLog;
import io.nuner.server.rpc.HeaderCheck;
import io.nuner.v1.NerServiceGrpc;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The server's thread pools; health and reflection have one of their own, so a flood of calls cannot silence them. */
final class Workers implements ServerCallExecutorSupplier {
    /** More calls than the transport lets wait; a call that has ended counts until a thread has taken it out. */
    private static final int MOST_WAITING = 8192;

    private final ThreadPoolExecutor calls;
    private final ThreadPoolExecutor side;
    private final ExecutorService decode;
    private final ScheduledThreadPoolExecutor timer;
    private final Reply.Desk desk;

    Workers(LoadConfig load, FaultLog faults) {
        calls = callThreads(load.effectiveCallThreads(), "call");
        side = callThreads(1, "side");
        decode = Executors.newFixedThreadPool(load.effectiveDecodeThreads(), new NamedThreads("decode"));
        timer = new ScheduledThreadPoolExecutor(1, new NamedThreads("timer"), new ThreadPoolExecutor.DiscardPolicy());
        timer.setRemoveOnCancelPolicy(true); // else what has ended would be kept until it would have been due
        desk = new Reply.Desk(new NamedThreads("refusal"), fault -> faults.report("a refusal failed", fault));
    }

    /** Threads for calls; once stopped, they ignore further events of calls. */
    private static ThreadPoolExecutor callThreads(int count, String name) {
        return new ThreadPoolExecutor(
                count,
                count,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                new NamedThreads(name),
                new ThreadPoolExecutor.DiscardPolicy());
    }

    @Override
    public <Q, A> Executor getExecutor(ServerCall<Q, A> call, Metadata metadata) {
        @Nullable String service = call.getMethodDescriptor().getServiceName();
        ThreadPoolExecutor threads = NerServiceGrpc.SERVICE_NAME.equals(service) ? calls : side;
        if (threads.getQueue().size() < MOST_WAITING) {
            return threads;
        }
        HeaderCheck.markTooMany(metadata);
        return Runnable::run; // refusing takes no time, so the event loop may do it
    }

    /** The threads of calls, without a bound on what waits for them. */
    Executor calls() {
        return calls;
    }

    /** Runs what is due later; only short tasks. */
    ScheduledExecutorService timer() {
        return timer;
    }

    Executor decode() {
        return decode;
    }

    /** Answers the texts that the batcher and the lanes refuse. */
    Reply.Desk desk() {
        return desk;
    }

    /** Ends the threads that take calls in, after the work in their queues. */
    void stopCalls(Duration patience) throws InterruptedException {
        timer.shutdownNow();
        stop(calls, patience);
        stop(side, patience);
    }

    /** Ends all threads at once; work in their queues is dropped. */
    void stopNow() {
        timer.shutdownNow();
        calls.shutdownNow();
        side.shutdownNow();
        decode.shutdownNow();
    }

    /** Ends the threads that answer, after the work in their queues. */
    void stopDecode(Duration patience) throws InterruptedException {
        stop(decode, patience);
        desk.close();
    }

    private static void stop(ExecutorService threads, Duration patience) throws InterruptedException {
        threads.shutdown();
        if (!threads.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            threads.shutdownNow();
        }
    }
}
