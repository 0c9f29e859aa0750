package io.nuner.server.attack;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.engine.testing.FakeEngine;
import io.nuner.engine.testing.Scoring;
import io.nuner.server.LargeAnswers;
import io.nuner.server.RunningServer;
import io.nuner.server.Scrape;
import io.nuner.server.Waiting;
import io.nuner.server.config.MetricsConfig;
import io.nuner.server.config.ServerConfig;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.ExtractStreamRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A hundred streams and a hundred single calls, each on a connection of its own, that read nothing, with the default bounds.
 * Prints what another caller sees before, while their texts run, while they read nothing and afterwards, and the network's
 * memory.
 */
@Tag("long")
class DeafCrowdTest {
    private static final String STREAM = "nuner.v1.NerService/ExtractStream";
    private static final String EXTRACT = "nuner.v1.NerService/Extract";
    private static final Duration PHASE = Duration.ofSeconds(20);
    private static final int CALLERS = 100;
    private static final int PEERS = 20;
    private static final int TEXTS_OF_STREAM = 200;
    private static final long MEGABYTE = 1 << 20;
    /** The budget of unsent answers, and 128 KiB of each connection's socket. */
    private static final long MOST_BYTES = 64 * MEGABYTE + 2 * CALLERS * 128 * 1024;

    @Test
    void harmsNobodyAndLeavesNothing() throws Exception {
        ServerConfig config =
                RunningServer.CONFIG.toBuilder().metrics(MetricsConfig.on(0)).build();
        FakeEngine engine = new FakeEngine(RunningServer.LIMITS, 1);
        engine.onRun(batch -> LockSupport.parkNanos(2_000_000));
        engine.score(Scoring.constant(3));
        try (RunningServer running = RunningServer.start(config, engine);
                SteadyCaller caller = new SteadyCaller(running.server.port())) {
            caller.run(Duration.ofSeconds(5));
            SteadyCaller.Result quiet = report("quiet", caller.run(PHASE));
            CompletableFuture<List<RawHttp2>> coming = CompletableFuture.supplyAsync(() -> crowd(running));
            SteadyCaller.Result arrival = report("while they come", caller.run(Duration.ofSeconds(5)));
            List<RawHttp2> crowd = coming.join();
            Waiting.until(() -> running.server.requestsInFlight() == 0);
            SteadyCaller.Result beside = report("100 streams, 100 calls", caller.run(PHASE));
            Scrape scrape = Scrape.of(running);
            double direct = scrape.value("nuner_direct_memory_bytes");
            System.out.printf(
                    "unsent %.1f MB, direct memory %.1f MB (bound %.1f), cut %.0f%n",
                    scrape.value("nuner_unsent_answer_bytes") / MEGABYTE,
                    direct / MEGABYTE,
                    (double) MOST_BYTES / MEGABYTE,
                    scrape.value("nuner_unread_connections_cut_total"));
            for (RawHttp2 one : crowd) {
                one.close();
            }
            Waiting.until(() -> running.server.unsentAnswerBytes() == 0);
            Waiting.until(() -> running.server.requestsInFlight() == 0);
            SteadyCaller.Result after = report("afterwards", caller.run(PHASE));

            assertThat(Scrape.of(running).value("nuner_unread_bytes")).isZero();
            assertThat(direct).isLessThan(MOST_BYTES);
            assertThat(arrival.lost()).isEmpty();
            assertThat(beside.lost()).isEmpty();
            assertThat(after.lost()).isEmpty();
            assertThat(beside.p50()).isLessThan(1.1 * quiet.p50() + 1);
            assertThat(beside.p99()).isLessThan(1.5 * quiet.p99() + 5);
        }
    }

    private static SteadyCaller.Result report(String phase, SteadyCaller.Result result) {
        System.out.printf("%-24s %s%n", phase, result);
        return result;
    }

    private static List<RawHttp2> crowd(RunningServer running) {
        ExtractRequest text = LargeAnswers.request(50, 20, 40); // an answer of about 75 KB
        byte[] message = RawHttp2.message(
                ExtractStreamRequest.newBuilder().setRequest(text).build().toByteArray());
        List<RawHttp2> crowd = new ArrayList<>();
        try {
            for (int i = 0; i < CALLERS; i++) {
                RawHttp2 streaming = deaf(i, running);
                crowd.add(streaming);
                int stream = streaming.call(STREAM);
                for (int texts = 0; texts < TEXTS_OF_STREAM; texts++) {
                    streaming.data(stream, message, false);
                }
                RawHttp2 single = deaf(i, running);
                crowd.add(single);
                single.callWith(EXTRACT, text.toByteArray());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return crowd;
    }

    private static RawHttp2 deaf(int number, RunningServer running) throws IOException {
        RawHttp2 deaf = RawHttp2.silent(
                InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) (2 + number % PEERS)}), running.server.port());
        deaf.withHeader("nuner-tenant", "crowd");
        deaf.preface();
        deaf.frame(
                RawHttp2.SETTINGS,
                0,
                0,
                ByteBuffer.allocate(6).putShort((short) 4).putInt(0).array());
        deaf.frame(RawHttp2.SETTINGS, RawHttp2.ACK, 0, new byte[0]);
        return deaf;
    }
}
