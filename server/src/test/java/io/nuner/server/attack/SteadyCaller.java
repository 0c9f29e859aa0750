package io.nuner.server.attack;

import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.MoreExecutors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.ExtractResponse;
import io.nuner.v1.NerServiceGrpc;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** An honest caller: ten small calls a second, on time whatever became of those before. One thread at a time. */
public final class SteadyCaller implements AutoCloseable {
    private static final int PER_SECOND = 10;
    private static final int DEADLINE_SECONDS = 10;
    private static final ExtractRequest REQUEST = ExtractRequest.newBuilder()
            .setText("Ada Lovelace worked with Charles Babbage in London .")
            .addLabels("person")
            .addLabels("city")
            .build();

    private final ManagedChannel channel;
    private final NerServiceGrpc.NerServiceFutureStub stub;
    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);

    /** Calls the server on that port of this machine, as the tenant {@code probe}. */
    public SteadyCaller(int port) {
        channel =
                NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("nuner-tenant", Metadata.ASCII_STRING_MARSHALLER), "probe");
        stub = NerServiceGrpc.newFutureStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    /** Calls for that long and waits for all answers. */
    public Result run(Duration duration) throws InterruptedException {
        int calls = Math.toIntExact(duration.toSeconds() * PER_SECOND);
        List<Double> millis = Collections.synchronizedList(new ArrayList<>());
        Map<String, Integer> lost = Collections.synchronizedMap(new TreeMap<>());
        CountDownLatch answered = new CountDownLatch(calls);
        AtomicInteger sent = new AtomicInteger();
        long start = System.nanoTime();
        var sending = timer.scheduleAtFixedRate(
                () -> {
                    int number = sent.getAndIncrement();
                    if (number < calls) {
                        long due = start + number * TimeUnit.SECONDS.toNanos(1) / PER_SECOND;
                        send(due, millis, lost, answered);
                    }
                },
                0,
                TimeUnit.SECONDS.toNanos(1) / PER_SECOND,
                TimeUnit.NANOSECONDS);
        boolean all = answered.await(duration.toSeconds() + 2 * DEADLINE_SECONDS, TimeUnit.SECONDS);
        sending.cancel(false);
        if (!all) {
            lost.merge("no answer at all", Math.toIntExact(answered.getCount()), Integer::sum);
        }
        synchronized (millis) {
            return Result.of(calls, millis, Map.copyOf(lost));
        }
    }

    private void send(long dueNanos, List<Double> millis, Map<String, Integer> lost, CountDownLatch answered) {
        FutureCallback<ExtractResponse> callback = new FutureCallback<>() {
            @Override
            public void onSuccess(@Nullable ExtractResponse response) {
                millis.add((System.nanoTime() - dueNanos) / 1e6);
                answered.countDown();
            }

            @Override
            public void onFailure(Throwable failure) {
                lost.merge(Status.fromThrowable(failure).getCode().name(), 1, Integer::sum);
                answered.countDown();
            }
        };
        Futures.addCallback(
                stub.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS).extract(REQUEST),
                callback,
                MoreExecutors.directExecutor());
    }

    @Override
    public void close() {
        timer.shutdownNow();
        channel.shutdownNow();
    }

    /**
     * What a caller saw. Immutable.
     *
     * @param calls made
     * @param p50 of the answered ones, milliseconds since they were due
     * @param p99 the same
     * @param max the same
     * @param lost calls without an answer by status
     */
    public record Result(int calls, double p50, double p99, double max, Map<String, Integer> lost) {
        private static Result of(int calls, List<Double> millis, Map<String, Integer> lost) {
            List<Double> sorted = millis.stream().sorted().toList();
            return new Result(calls, at(sorted, 0.5), at(sorted, 0.99), at(sorted, 1), lost);
        }

        private static double at(List<Double> sorted, double share) {
            return sorted.isEmpty() ? Double.NaN : sorted.get((int) Math.min(sorted.size() - 1, share * sorted.size()));
        }

        @Override
        public String toString() {
            return String.format("%4d calls, p50 %6.1f, p99 %6.1f, max %6.1f ms, lost %s", calls, p50, p99, max, lost);
        }
    }
}
