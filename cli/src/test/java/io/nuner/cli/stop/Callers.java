package io.nuner.cli.stop;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.NerServiceGrpc;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Callers in a closed loop, none of whom asks again for a call that failed. Any thread. */
final class Callers implements AutoCloseable {
    private static final String TEXT =
            "In 1997 Steve Jobs returned to Apple in Cupertino; four years later the company sold"
                    + " the first iPod, and Massimo Bottura flew to Sydney with Lufthansa.";
    private static final List<String> LABELS = List.of("person", "organization", "place", "date", "product");
    private static final int CHANNELS = 4;

    private final Queue<Call> calls = new ConcurrentLinkedQueue<>();
    private final List<ManagedChannel> channels = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final CountDownLatch answered = new CountDownLatch(1);
    private volatile boolean over;

    /** Starts to call. */
    Callers(int port, int count) {
        for (int i = 0; i < CHANNELS; i++) {
            channels.add(NettyChannelBuilder.forAddress("127.0.0.1", port)
                    .usePlaintext()
                    .disableRetry()
                    .build());
        }
        for (int i = 0; i < count; i++) {
            ManagedChannel channel = channels.get(i % CHANNELS);
            Thread thread = new Thread(() -> callUntilOver(channel), "caller-" + i);
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
    }

    private void callUntilOver(ManagedChannel channel) {
        boolean reached = true;
        while (reached && !over) {
            Call call = call(channel);
            calls.add(call);
            answered.countDown();
            reached = call.code() != Status.Code.UNAVAILABLE;
        }
    }

    private static Call call(ManagedChannel channel) {
        long start = System.nanoTime();
        ExtractRequest request =
                ExtractRequest.newBuilder().setText(TEXT).addAllLabels(LABELS).build();
        try {
            NerServiceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(30, TimeUnit.SECONDS)
                    .extract(request);
            return new Call(start, Status.Code.OK, "");
        } catch (StatusRuntimeException e) {
            return new Call(
                    start, e.getStatus().getCode(), String.valueOf(e.getStatus().getDescription()));
        }
    }

    /** Waits until a call has ended. */
    void awaitFirstAnswer() throws InterruptedException {
        answered.await();
    }

    /** Lets calls end and returns all of them. */
    List<Call> calls() throws InterruptedException {
        over = true;
        for (Thread thread : threads) {
            thread.join();
        }
        return List.copyOf(calls);
    }

    @Override
    public void close() {
        over = true;
        channels.forEach(ManagedChannel::shutdownNow);
    }

    /** A call that has ended. */
    record Call(long startNanos, Status.Code code, String description) {
        /** True if it was not answered, though the server took calls when it started. */
        boolean isLost(long refusedFromNanos) {
            boolean refused = code == Status.Code.UNAVAILABLE && startNanos - refusedFromNanos >= 0;
            return code != Status.Code.OK && !refused;
        }
    }
}
