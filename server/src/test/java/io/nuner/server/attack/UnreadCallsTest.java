package io.nuner.server.attack;

import static io.nuner.server.RunningServer.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.server.RunningServer;
import io.nuner.server.Scrape;
import io.nuner.server.Waiting;
import io.nuner.server.config.ServerConfig;
import io.nuner.server.texts.RequestLimits;
import io.nuner.server.transport.TransportConfig;
import io.nuner.server.transport.TransportConfig.Unread;
import io.nuner.v1.GetServerInfoRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Calls that are begun and not finished. */
class UnreadCallsTest {
    private static final String EXTRACT = "nuner.v1.NerService/Extract";
    private static final int MEGABYTE = 1 << 20;
    private static final Unread SMALL = new Unread(2 * MEGABYTE, 4 * MEGABYTE, Duration.ofSeconds(30));
    private static final byte[] HALF = RawHttp2.prefixed(MEGABYTE, new byte[MEGABYTE - 5]);

    @Test
    void aConnectionsHalfSentMessagesAreRefusedBeyondItsShare() throws Exception {
        try (RunningServer running = RunningServer.start(with(SMALL));
                RawHttp2 greedy = RawHttp2.connect(running.server.port())) {
            int first = half(greedy);
            int second = half(greedy);

            Map<String, String> end = greedy.end(second);
            assertThat(end).containsEntry("grpc-status", "8").containsEntry("grpc-retry-pushback-ms", "-1");
            assertThat(end.get("grpc-message"))
                    .matches("calls of this connection that are not read yet may hold 2097152 bytes, but hold 2\\d{6}");
            EndDetails details = EndDetails.of(end);
            assertThat(details.info().getReason()).isEqualTo("OVERLOADED");
            assertThat(details.hasRetryInfo()).isTrue();
            assertThat(unreadBytes(running)).isLessThan(2.2 * MEGABYTE);
            greedy.data(first, new byte[5], true);
            assertThat(greedy.end(first)).as("it was in the budget").containsEntry("grpc-status", "3");
            Waiting.until(() -> unreadBytes(running) == 0);
        }
    }

    /** As many connections as an attacker likes hold as much as they may; whoever holds little notices nothing. */
    @Test
    void thePeerThatHoldsMostGivesBackWhenAllIsUsed() throws Exception {
        List<RawHttp2> greedy = new ArrayList<>();
        try (RunningServer running = RunningServer.start(with(SMALL));
                RawHttp2 honest = RawHttp2.connect(running.server.port())) {
            int waiting = honest.call(EXTRACT);
            byte[] message = RawHttp2.message(request("one", "city").toByteArray());
            honest.data(waiting, message, false);
            for (int i = 0; i < 12; i++) {
                RawHttp2 client = RawHttp2.connect("127.0.0." + (2 + i % 3), running.server.port());
                greedy.add(client);
                half(client);
                assertThat(running.stub()
                                .extract(request("one", "city"))
                                .getUsage()
                                .getWords())
                        .isEqualTo(1);
            }

            honest.data(waiting, new byte[0], true);
            assertThat(honest.end(waiting)).containsEntry("grpc-status", "0");
            Waiting.until(() -> unreadBytes(running) <= 4 * MEGABYTE);
            assertThat(refused(running, "unread_of_all")).isGreaterThanOrEqualTo(8);
            for (RawHttp2 client : greedy) {
                client.close();
            }
        }
    }

    @Test
    void aMessageThatDoesNotComeIsRefusedAfterItsTime() throws Exception {
        Unread hasty = new Unread(2 * MEGABYTE, 4 * MEGABYTE, Duration.ofMillis(200));
        try (RunningServer running = RunningServer.start(with(hasty));
                RawHttp2 slow = RawHttp2.connect(running.server.port())) {
            int nothing = slow.call(EXTRACT);
            int half = slow.call(EXTRACT);
            slow.data(half, RawHttp2.prefixed(1000, new byte[500]), false);

            Map<String, String> end = slow.end(nothing);
            assertThat(end)
                    .containsEntry("grpc-status", "4")
                    .containsEntry("grpc-message", "the message was not complete in 200 ms");
            assertThat(EndDetails.of(end).info().getReason()).isEqualTo("STREAM_IDLE");
            assertThat(slow.end(half)).containsEntry("grpc-status", "4");
            slow.data(half, new byte[500], true);
            int next = slow.callWith(EXTRACT, request("one", "city").toByteArray());
            assertThat(slow.end(next)).as("the connection goes on").containsEntry("grpc-status", "0");
            assertThat(refused(running, "message_time")).isEqualTo(2);
            assertThat(texts(running, "stream_idle")).isEqualTo(2);
        }
    }

    /** Nobody waits for what will not be read. */
    @Test
    void aMessageThatIsTooLargeIsRefusedAsSoonAsItSaysSo() throws Exception {
        try (RunningServer running = RunningServer.start(with(SMALL));
                RawHttp2 client = RawHttp2.connect(running.server.port())) {
            int most = running.stub()
                    .getServerInfo(GetServerInfoRequest.getDefaultInstance())
                    .getLimits()
                    .getMaxMessageBytes();
            int stream = client.call(EXTRACT);
            byte[] prefix = RawHttp2.prefixed(most + 1, new byte[0]);
            client.data(stream, Arrays.copyOf(prefix, 3), false);
            client.data(stream, Arrays.copyOfRange(prefix, 3, 5), false);

            Map<String, String> end = client.end(stream);
            assertThat(end)
                    .containsEntry("grpc-status", "3")
                    .containsEntry(
                            "grpc-message", "the message must have at most " + most + " bytes, but has " + (most + 1));
            EndDetails details = EndDetails.of(end);
            assertThat(details.info().getReason()).isEqualTo("MESSAGE_TOO_LARGE");
            assertThat(details.info().getMetadataMap())
                    .containsOnly(
                            Map.entry("count", Integer.toString(most + 1)),
                            Map.entry("limit", Integer.toString(most)),
                            Map.entry("unit", "bytes"));
            assertThat(details.hasRetryInfo()).isFalse();
            for (int i = 0;
                    i < 20;
                    i++) { // more than the connection's window, in frames that end their calls and others
                client.data(client.call(EXTRACT), RawHttp2.prefixed(most + 1, new byte[MEGABYTE / 2]), i % 2 == 0);
            }
            int next = client.callWith(EXTRACT, request("one", "city").toByteArray());
            assertThat(client.end(next)).as("the connection goes on").containsEntry("grpc-status", "0");
            assertThat(refused(running, "message_size")).isEqualTo(21);
            assertThat(texts(running, "message_too_large")).isEqualTo(21);
        }
    }

    @Test
    void abandonedCallsGiveBackWhatTheyHeld() throws Exception {
        try (RunningServer running = RunningServer.start(with(SMALL))) {
            try (RawHttp2 client = RawHttp2.connect(running.server.port())) {
                client.reset(half(client));
                half(client);
                client.callWith(EXTRACT, request("one", "city").toByteArray());
            }

            Waiting.until(() -> unreadBytes(running) == 0);
            Waiting.until(() -> running.server.requestsInFlight() == 0);
        }
    }

    private static int half(RawHttp2 client) throws IOException {
        int stream = client.call(EXTRACT);
        client.data(stream, HALF, false);
        return stream;
    }

    private static ServerConfig with(Unread unread) {
        return RunningServer.CONFIG.toBuilder()
                .metrics(io.nuner.server.config.MetricsConfig.on(0))
                .requests(new RequestLimits(MEGABYTE, 100_000, 100, 256, 32, 128))
                .transport(TransportConfig.DEFAULT.withUnread(unread))
                .build();
    }

    private static double unreadBytes(RunningServer running) {
        return scrape(running).value("nuner_unread_bytes");
    }

    private static double refused(RunningServer running, String reason) {
        return scrape(running).value("nuner_calls_refused_total{reason=\"" + reason + "\"}");
    }

    private static double texts(RunningServer running, String outcome) {
        return scrape(running).value("nuner_requests_total{outcome=\"" + outcome + "\",tenant=\"default\"}");
    }

    private static Scrape scrape(RunningServer running) {
        try {
            return Scrape.of(running);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
