package io.nuner.server.streams;

import static io.nuner.server.RunningServer.request;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import io.grpc.CallOptions;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.MetadataUtils;
import io.nuner.server.RunningServer;
import io.nuner.server.Scrape;
import io.nuner.server.Waiting;
import io.nuner.server.answers.StreamLimits;
import io.nuner.server.config.LoadConfig;
import io.nuner.server.config.MetricsConfig;
import io.nuner.server.config.ServerConfig;
import io.nuner.server.config.TenancyConfig;
import io.nuner.server.texts.CallDeadline;
import io.nuner.v1.ErrorReason;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.ExtractResponse;
import io.nuner.v1.ExtractStreamResponse;
import io.nuner.v1.Priority;
import io.nuner.v1.StreamOptions;
import io.nuner.v1.Timings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a client sees of ExtractStream. */
@Timeout(60)
class ExtractStreamTest {
    private static final ServerConfig CONFIG =
            RunningServer.CONFIG.toBuilder().metrics(MetricsConfig.on(0)).build();
    private static final ExtractRequest BAD = request("text", " ");

    private final CountDownLatch started = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);

    @Test
    void answersAreThoseOfSingleCalls() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        try (RunningServer running = RunningServer.start(CONFIG)) {
            List<ExtractRequest> texts = texts(new Random(seed), 300);
            StreamCall stream = StreamCall.on(running.channel);
            texts.forEach(stream::send);
            stream.halfClose();

            assertThat(stream.code()).isEqualTo(Status.Code.OK);
            assertThat(stream.answers()).hasSize(texts.size());
            for (ExtractStreamResponse answer : stream.answers()) {
                ExtractResponse alone = running.stub().extract(texts.get((int) answer.getIndex()));
                assertThat(timeless(answer.getResponse())).isEqualTo(timeless(alone));
            }
            assertThat(stream.answers().stream().map(ExtractStreamResponse::getIndex))
                    .doesNotHaveDuplicates();
            Waiting.until(() -> running.requestsCounted() >= 2 * texts.size());
            assertThat(Scrape.of(running).value(ok())).isEqualTo(2 * texts.size());
            assertIdle(running);
        }
    }

    private static List<ExtractRequest> texts(Random random, int count) {
        List<ExtractRequest> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            texts.add(request("Ada met Zoë in Paris ".repeat(random.nextInt(10)), "person", "city").toBuilder()
                    .setRequestId("r" + i)
                    .setPriority(random.nextBoolean() ? Priority.PRIORITY_BULK : Priority.PRIORITY_INTERACTIVE)
                    .build());
        }
        return texts;
    }

    private static ExtractResponse timeless(ExtractResponse response) {
        return response.toBuilder().setTimings(Timings.getDefaultInstance()).build();
    }

    @Test
    void answersComeAsTheyAreReady() throws Exception {
        try (RunningServer running = RunningServer.start(CONFIG)) {
            running.holdRuns(started, release);
            StreamCall stream = StreamCall.on(running.channel);
            stream.send(request("one", "city")).send(BAD);

            assertThat(stream.awaitAnswers(1).get(0).getIndex()).isEqualTo(1);
            release.countDown();

            stream.halfClose();
            assertThat(stream.code()).isEqualTo(Status.Code.OK);
            assertThat(stream.answers().get(1).getIndex()).isZero();
        }
    }

    @Test
    void answersComeInOrderIfAsked() throws Exception {
        try (RunningServer running = RunningServer.start(CONFIG)) {
            running.holdRuns(started, release);
            StreamCall stream = StreamCall.on(running.channel)
                    .send(StreamOptions.newBuilder().setOrdered(true).build());
            stream.send(request("one", "city"));
            for (int i = 0; i < 20; i++) {
                stream.send(BAD).send(request("one two", "city"));
            }
            stream.halfClose();
            started.await();
            Waiting.until(() -> refused(running, "invalid") == 2); // a stream begins with four texts
            assertThat(stream.answers()).isEmpty();

            release.countDown();

            assertThat(stream.code()).isEqualTo(Status.Code.OK);
            assertThat(stream.answers().stream().map(ExtractStreamResponse::getIndex))
                    .containsExactlyElementsOf(LongStream.range(0, 41).boxed().toList());
        }
    }

    @Test
    void aTextThatIsRefusedFailsAlone() throws Exception {
        try (RunningServer running = RunningServer.start(CONFIG)) {
            StreamCall stream = StreamCall.on(running.channel);
            stream.send(BAD);
            stream.send(new byte[] {18, 3, 10, 50, 1}); // a text field that is longer than its request
            stream.send(new byte[] {18, 4, 10, 2, (byte) 0xff, (byte) 0xfe}); // no UTF-8
            stream.send(new byte[0]); // neither options nor a request
            stream.send(request("one", "city")).halfClose();

            assertThat(stream.code()).isEqualTo(Status.Code.OK);
            assertThat(stream.answers()).hasSize(5);
            for (ExtractStreamResponse answer : stream.answers()) {
                if (answer.getIndex() == 4) {
                    assertThat(answer.getResponse().getUsage().getWords()).isEqualTo(1);
                } else {
                    assertThat(answer.getError().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT.value());
                    assertThat(answer.getErrorDetails().getReason()).isEqualTo(ErrorReason.ERROR_REASON_INVALID);
                }
            }
            assertThat(field(stream, 0)).isEqualTo("request.labels[0]");
            assertThat(field(stream, 2)).isEqualTo("request.text");
            assertThat(field(stream, 3)).isEqualTo("request");
            assertThat(refused(running, "invalid")).isEqualTo(4);
        }
    }

    private static String field(StreamCall stream, int index) {
        return stream.answers().stream()
                .filter(answer -> answer.getIndex() == index)
                .map(answer -> answer.getErrorDetails()
                        .getBadRequest()
                        .getFieldViolations(0)
                        .getField())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void optionsThatComeLaterEndTheStream() throws Exception {
        try (RunningServer running = RunningServer.start(CONFIG)) {
            running.holdRuns(started, release);
            StreamCall stream = StreamCall.on(running.channel);
            stream.send(request("one", "city"));
            started.await();
            stream.send(StreamOptions.getDefaultInstance());

            assertThat(stream.code()).isEqualTo(Status.Code.INVALID_ARGUMENT);
            assertThat(stream.info().getReason()).isEqualTo("INVALID");
            release.countDown();
            Waiting.until(() -> running.requestsCounted() == 1);
            assertIdle(running);
        }
    }

    @Test
    void aTimeThatIsNoneEndsTheStream() throws Exception {
        try (RunningServer running = RunningServer.start(CONFIG)) {
            for (Duration wrong : List.of(
                    Duration.getDefaultInstance(),
                    Duration.newBuilder().setSeconds(-1).build(),
                    Duration.newBuilder().setSeconds(1).setNanos(-1).build())) {
                StreamCall stream = StreamCall.on(running.channel)
                        .send(StreamOptions.newBuilder().setItemTimeout(wrong).build());

                assertThat(stream.code()).isEqualTo(Status.Code.INVALID_ARGUMENT);
                assertThat(stream.status().getDescription()).contains("options.item_timeout");
            }
        }
    }

    @Test
    void eachTextHasItsOwnTime() throws Exception {
        try (RunningServer running = RunningServer.start(CONFIG)) {
            running.holdRuns(started, release);
            StreamCall stream = StreamCall.on(running.channel)
                    .send(StreamOptions.newBuilder()
                            .setItemTimeout(Duration.newBuilder().setNanos(150_000_000))
                            .build());
            stream.send(request("one", "city"));
            started.await();
            stream.send(request("two", "city"));

            assertThat(stream.awaitAnswers(1).get(0).getIndex()).isEqualTo(1);
            assertThat(stream.answers().get(0).getError().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED.value());
            release.countDown();
            stream.awaitAnswers(2);
            stream.send(request("three", "city")).halfClose();

            assertThat(stream.code()).isEqualTo(Status.Code.OK);
            assertThat(stream.answers().get(2).hasResponse()).isTrue();
        }
    }

    /** Ten times as many texts as the server admits at once. */
    @Test
    void overloadHoldsTextsBackAndRefusesNone() throws Exception {
        ServerConfig small = CONFIG.toBuilder()
                .load(new LoadConfig(4, 10_000, 16, 0, 0))
                .streams(new StreamLimits(40, StreamLimits.DEFAULT.idle(), StreamLimits.DEFAULT.stall()))
                .build();
        try (RunningServer running = RunningServer.start(small)) {
            running.engine.onRun(batch -> LockSupport.parkNanos(2_000_000));
            List<StreamCall> streams = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                StreamCall stream = StreamCall.on(running.channel);
                streams.add(stream);
                for (int text = 0; text < 60; text++) {
                    stream.send(request("one two three", "city"));
                }
                stream.halfClose();
            }

            for (StreamCall stream : streams) {
                assertThat(stream.code()).isEqualTo(Status.Code.OK);
                assertThat(stream.answers()).hasSize(60).allMatch(ExtractStreamResponse::hasResponse);
            }
            Waiting.until(() -> running.requestsCounted() >= 240);
            assertThat(Scrape.of(running).sum("nuner_requests_total")).isEqualTo(240);
            assertThat(Scrape.of(running).value(ok())).isEqualTo(240);
            assertIdle(running);
        }
    }

    @Test
    void aTextThatIsNotAdmittedInItsTimeIsRefused() throws Exception {
        ServerConfig one = CONFIG.toBuilder()
                .load(new LoadConfig(1, 10_000, 16, 0, 0))
                .deadline(new CallDeadline(java.time.Duration.ofMillis(200), java.time.Duration.ofSeconds(20)))
                .build();
        try (RunningServer running = RunningServer.start(one)) {
            running.holdRuns(started, release);
            var unary = running.futureStub().extract(request("one", "city"));
            started.await();
            StreamCall stream = StreamCall.on(running.channel);
            stream.send(request("two", "city"));

            assertThat(stream.awaitAnswers(1).get(0).getError().getCode())
                    .isEqualTo(Status.Code.DEADLINE_EXCEEDED.value());
            assertThat(refused(running, "overloaded")).isZero();
            release.countDown();
            assertThat(unary.get().getUsage().getWords()).isEqualTo(1);
            stream.send(request("three", "city")).halfClose();
            assertThat(stream.code()).isEqualTo(Status.Code.OK);
            assertThat(stream.awaitAnswers(2).get(1).hasResponse()).isTrue();
        }
    }

    @Test
    void readsNoMoreTextsThanItMayHave() throws Exception {
        ServerConfig few = CONFIG.toBuilder()
                .streams(new StreamLimits(3, StreamLimits.DEFAULT.idle(), StreamLimits.DEFAULT.stall()))
                .build();
        try (RunningServer running = RunningServer.start(few)) {
            running.holdRuns(started, release);
            StreamCall stream = StreamCall.on(running.channel);
            for (int i = 0; i < 50; i++) {
                stream.send(request("one", "city"));
            }
            started.await();
            Waiting.until(() -> running.server.requestsInFlight() == 3);
            running.stub().getServerInfo(io.nuner.v1.GetServerInfoRequest.getDefaultInstance());
            assertThat(running.server.requestsInFlight()).isEqualTo(3);

            release.countDown();
            stream.halfClose();
            assertThat(stream.code()).isEqualTo(Status.Code.OK);
            assertThat(stream.answers()).hasSize(50);
        }
    }

    @Test
    void textsCountForTheTenantOfTheStream() throws Exception {
        ServerConfig config = CONFIG.toBuilder()
                .tenancy(new TenancyConfig(Map.of("search", 10), Map.of(), OptionalInt.empty()))
                .build();
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("nuner-tenant", Metadata.ASCII_STRING_MARSHALLER), "search");
        try (RunningServer running = RunningServer.start(config)) {
            StreamCall stream = StreamCall.on(ClientInterceptors.intercept(
                            running.channel, MetadataUtils.newAttachHeadersInterceptor(headers)))
                    .send(request("one", "city"))
                    .halfClose();

            assertThat(stream.code()).isEqualTo(Status.Code.OK);
            Waiting.until(() -> value(running, "nuner_requests_total{outcome=\"ok\",tenant=\"search\"}") == 1);
        }
    }

    @Test
    void compressedTextsAreRead() throws Exception {
        try (RunningServer running = RunningServer.start(CONFIG)) {
            StreamCall stream = StreamCall.on(running.channel, CallOptions.DEFAULT.withCompression("gzip"))
                    .compressed()
                    .send(request("one two", "city"))
                    .halfClose();

            assertThat(stream.code()).isEqualTo(Status.Code.OK);
            assertThat(stream.answers().get(0).getResponse().getUsage().getWords())
                    .isEqualTo(2);
        }
    }

    @Test
    void aStreamWithoutATextEndsWithOk() throws Exception {
        try (RunningServer running = RunningServer.start(CONFIG)) {
            assertThat(StreamCall.on(running.channel).halfClose().code()).isEqualTo(Status.Code.OK);
            assertThat(running.requestsCounted()).isZero();
        }
    }

    @Test
    void theStreamsOwnDeadlineEndsItAndItsTexts() throws Exception {
        try (RunningServer running = RunningServer.start(CONFIG)) {
            running.stub().extract(request("one", "city")); // so that the stream is read at once
            running.holdRuns(started, release);
            StreamCall stream = StreamCall.on(
                    running.channel,
                    CallOptions.DEFAULT.withDeadlineAfter(300, java.util.concurrent.TimeUnit.MILLISECONDS));
            stream.send(request("one", "city"));

            assertThat(stream.code()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
            Waiting.until(
                    () -> refused(running, "expired") + refused(running, "cancelled") == 1); // whose clock is first
            release.countDown();
            assertIdle(running);
        }
    }

    private static void assertIdle(RunningServer running) {
        Waiting.until(() -> running.server.requestsInFlight() == 0);
        Waiting.until(() -> running.server.unsentAnswerBytes() == 0);
        Waiting.until(() -> value(running, "nuner_unread_bytes") == 0);
    }

    private static String ok() {
        return "nuner_requests_total{outcome=\"ok\",tenant=\"default\"}";
    }

    private static double refused(RunningServer running, String outcome) {
        return value(running, "nuner_requests_total{outcome=\"" + outcome + "\",tenant=\"default\"}");
    }

    private static double value(RunningServer running, String series) {
        try {
            return Scrape.of(running).value(series);
        } catch (java.io.IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
