package io.nuner.server.attack;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.nuner.server.RunningServer;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.NerServiceGrpc;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** An honest caller at a steady rate, who notes what becomes of its calls. */
@SuppressWarnings("FutureReturnValueIgnored") // it runs until the clock is shut down
final class Probe implements AutoCloseable {
    private static final int PER_SECOND = 10;
    private static final ExtractRequest REQUEST =
            RunningServer.request("Anna Meyer lives in Rome and works for Acme.", "person", "city", "company");

    private final ManagedChannel channel;
    private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(64);
    private final List<Double> millis = new ArrayList<>();
    private final Map<String, Integer> fates = new TreeMap<>();

    Probe(int port) {
        channel =
                NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
        call();
        clear();
        clock.scheduleAtFixedRate(() -> clock.execute(this::call), 0, 1000 / PER_SECOND, TimeUnit.MILLISECONDS);
    }

    private void call() {
        long start = System.nanoTime();
        String fate = "OK";
        try {
            NerServiceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(10, TimeUnit.SECONDS)
                    .extract(REQUEST);
        } catch (StatusRuntimeException e) {
            fate = e.getStatus().getCode().name();
        }
        note(fate, (System.nanoTime() - start) / 1e6);
    }

    private synchronized void note(String fate, double took) {
        fates.merge(fate, 1, Integer::sum);
        millis.add(took);
    }

    private synchronized void clear() {
        fates.clear();
        millis.clear();
    }

    /** What happened since the last report. */
    synchronized String report() {
        List<Double> sorted = millis.stream().sorted().toList();
        String report = sorted.isEmpty()
                ? "no call ended"
                : String.format(
                        Locale.ROOT,
                        "%s, p50 %.1f ms, p99 %.1f ms, most %.1f ms",
                        fates,
                        sorted.get(sorted.size() / 2),
                        sorted.get(Math.min(sorted.size() - 1, sorted.size() * 99 / 100)),
                        sorted.get(sorted.size() - 1));
        clear();
        return report;
    }

    @Override
    public void close() {
        clock.shutdownNow();
        channel.shutdownNow();
    }
}
