package io.nuner.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.BindableService;
import io.grpc.Status;
import io.nuner.client.FakeStreamService.Plan;
import io.nuner.v1.ErrorReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextOutcomesTest {
    private static final Labels LABELS = Labels.of("person");
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final StreamSettings READY = StreamSettings.DEFAULTS;
    private static final StreamSettings ORDERED = READY.withOrdered(true);

    private final FakeStreamService service = new FakeStreamService(1);
    private final List<InProcess> opened = new ArrayList<>();

    private ExtractionClient client(BindableService served, Duration timeout) {
        InProcess process = new InProcess(served, timeout);
        opened.add(process);
        return process.client();
    }

    private AnswerStream<TextOutcome> stream(Iterator<String> texts, StreamSettings settings)
            throws ExtractionException {
        return client(service, TIMEOUT).extractAll(texts, LABELS, ExtractionOptions.DEFAULTS, settings);
    }

    private List<TextOutcome> outcomes(List<String> texts, StreamSettings settings) throws ExtractionException {
        List<TextOutcome> outcomes = new ArrayList<>();
        try (AnswerStream<TextOutcome> stream = stream(texts.iterator(), settings)) {
            while (stream.hasNext()) {
                outcomes.add(stream.next());
            }
        }
        return outcomes;
    }

    private static List<String> texts(int count) {
        return IntStream.range(0, count).mapToObj(i -> "text " + i).toList();
    }

    @AfterEach
    void close() {
        opened.forEach(InProcess::close);
    }

    @Test
    void everyTextHasOneOutcome() throws ExtractionException {
        List<String> texts = texts(1_000);

        List<TextOutcome> outcomes = outcomes(texts, READY);

        assertThat(outcomes).extracting(TextOutcome::text).containsExactlyInAnyOrderElementsOf(texts);
        for (TextOutcome outcome : outcomes) {
            assertThat(outcome.text()).isEqualTo("text " + outcome.index());
            assertThat(outcome.outcome().orThrow().entities().get(0).text()).isEqualTo(outcome.text());
        }
        assertThat(service.streams()).hasSize(1);
    }

    @Test
    void outcomesMayComeInOrder() throws ExtractionException {
        assertThat(outcomes(texts(100), ORDERED)).extracting(TextOutcome::text).containsExactlyElementsOf(texts(100));

        assertThat(service.streams().get(0).getOrdered()).isTrue();
        assertThat(service.streams().get(0).getItemTimeout().getSeconds()).isEqualTo(10);
    }

    @Test
    void noTextsNeedNoStream() throws ExtractionException {
        assertThat(outcomes(List.of(), READY)).isEmpty();
        assertThat(service.streams()).isEmpty();
    }

    @Test
    void aBadTextFailsAlone() throws ExtractionException {
        List<TextOutcome> outcomes = outcomes(List.of("Ada", "bad", "lost", "Bob"), ORDERED);

        assertThat(outcomes.get(0).outcome()).isInstanceOf(Outcome.Extracted.class);
        assertThat(refusal(outcomes.get(1)).code()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(refusal(outcomes.get(2)).code()).isEqualTo(Status.Code.INTERNAL);
        assertThat(outcomes.get(3).outcome()).isInstanceOf(Outcome.Extracted.class);
        assertThat(outcomes).hasSize(4);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aTextThatIsTooLargeIsNotSentAndHasItsOutcomeInPlace(boolean ordered) throws ExtractionException {
        List<String> texts = new ArrayList<>(texts(20));
        texts.set(7, "x".repeat(1_000));

        List<TextOutcome> outcomes = outcomes(texts, READY.withOrdered(ordered));

        assertThat(outcomes).extracting(TextOutcome::text).containsExactlyInAnyOrderElementsOf(texts);
        TextOutcome large =
                outcomes.stream().filter(o -> o.index() == 7).findFirst().orElseThrow();
        assertThat(refusal(large).reason()).isEqualTo(ErrorReason.ERROR_REASON_MESSAGE_TOO_LARGE);
        assertThat(refusal(large).field()).contains("text");
        assertThat(refusal(large)).hasMessageMatching("text makes a message of 10\\d\\d bytes; .* at most 1000");
        assertThat(service.read()).hasSize(19);
        if (ordered) {
            assertThat(outcomes).extracting(TextOutcome::index).isSorted();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aStreamGoesOnWhereADrainingServerStopped(boolean ordered) throws ExtractionException {
        service.follow(Plan.drainingAfter(30)).follow(Plan.drainingAfter(1)).follow(Plan.drainingAfter(0));

        List<TextOutcome> outcomes = outcomes(texts(100), READY.withOrdered(ordered));

        assertThat(outcomes).extracting(TextOutcome::text).containsExactlyInAnyOrderElementsOf(texts(100));
        assertThat(service.read()).containsExactlyElementsOf(texts(100)); // what was read is not sent again
        assertThat(service.streams()).hasSizeGreaterThanOrEqualTo(3);
    }

    @Test
    void aTextThatWasReadAndNotAnsweredIsSentAgain() throws ExtractionException {
        service.follow(Plan.lostAfter(40, 13));

        List<TextOutcome> outcomes = outcomes(texts(100), READY);

        assertThat(outcomes).extracting(TextOutcome::text).containsExactlyInAnyOrderElementsOf(texts(100));
        assertThat(service.read()).hasSize(100 + 40 - 13);
    }

    @Test
    void aStreamThatWasIdleIsMadeAgain() throws ExtractionException {
        service.follow(new Plan(3, 3, FakeStreamService.failure(Status.Code.DEADLINE_EXCEEDED, "STREAM_IDLE")));

        assertThat(outcomes(texts(10), ORDERED)).hasSize(10);
    }

    @Test
    void aTextThatNoServerCanAnswerIsRefusedInTheEnd() throws ExtractionException {
        List<TextOutcome> outcomes = outcomes(List.of("Ada", "away", "Bob"), ORDERED);

        assertThat(outcomes).extracting(TextOutcome::text).containsExactly("Ada", "away", "Bob");
        assertThat(refusal(outcomes.get(1)).code()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(Collections.frequency(service.read(), "away")).isEqualTo(3);
    }

    @Test
    @Timeout(30)
    void aServerThatStaysAwayEndsTheStream() throws ExtractionException {
        for (int call = 0; call < 1_000; call++) {
            service.follow(Plan.lostAfter(0, 0));
        }
        try (var stream = client(service, Duration.ofSeconds(1))
                .extractAll(
                        texts(10).iterator(),
                        LABELS,
                        ExtractionOptions.DEFAULTS,
                        READY.withPatience(Duration.ofMillis(500)))) {
            ExtractionException failure = catchThrowableOfType(ExtractionException.class, stream::hasNext);

            assertThat(failure.code())
                    .as("its last call was lost, or still under way")
                    .isIn(Status.Code.UNAVAILABLE, Status.Code.DEADLINE_EXCEEDED);
            assertThat(catchThrowableOfType(ExtractionException.class, stream::next))
                    .isSameAs(failure);
        }
    }

    @Test
    void anyOtherEndIsAFailureAndWhatCameBeforeStaysValid() throws ExtractionException {
        service.follow(new Plan(5, 5, FakeStreamService.failure(Status.Code.INTERNAL, "DEFECT")));

        try (var stream = stream(texts(100).iterator(), ORDERED)) {
            for (int text = 0; text < 5; text++) {
                assertThat(stream.next().index()).isEqualTo(text);
            }
            ExtractionException failure = catchThrowableOfType(ExtractionException.class, stream::hasNext);

            assertThat(failure.reason()).isEqualTo(ErrorReason.ERROR_REASON_DEFECT);
            assertThat(failure).hasMessage("the stream ends");
        }
        assertThat(service.streams()).hasSize(1);
    }

    @Test
    void closingEarlyCancelsTheStreamAndReadsNoMoreTexts() throws Exception {
        Counted texts = new Counted(Integer.MAX_VALUE);

        AnswerStream<TextOutcome> stream = stream(texts, READY.withMaxUnderWay(10));
        stream.next();
        stream.close();

        assertThat(service.cancelled().await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(stream.hasNext()).isFalse();
        assertThat(texts.read).isLessThanOrEqualTo(11);
    }

    @Test
    void textsAreReadOnlyWhenOutcomesAreAskedFor() throws ExtractionException {
        Counted texts = new Counted(Integer.MAX_VALUE);

        try (var stream = stream(texts, READY.withMaxUnderWay(20))) {
            assertThat(texts.read).isZero();
            for (int given = 1; given <= 500; given++) {
                stream.next();
                assertThat(texts.read).isBetween(given, given + 20);
            }
        }
    }

    @Test
    void anEndedStreamSaysSo() throws ExtractionException {
        try (var stream = stream(List.of("Ada").iterator(), READY)) {
            stream.next();

            assertThat(stream.hasNext()).isFalse();
            assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(stream::next);
        }
        assertThat(service.cancelled().getCount()).isEqualTo(1); // a stream that is done is not cancelled
    }

    @Test
    void anInterruptedReaderGivesUp() throws Exception {
        service.follow(new Plan(1_000, 1, Status.UNAVAILABLE.asRuntimeException())); // answers once and no more

        try (var stream = stream(new Counted(Integer.MAX_VALUE), READY)) {
            stream.next();
            Thread.currentThread().interrupt();
            ExtractionException failure = catchThrowableOfType(ExtractionException.class, stream::hasNext);

            assertThat(Thread.interrupted()).isTrue();
            assertThat(failure.code()).isEqualTo(Status.Code.CANCELLED);
            assertThat(service.cancelled().await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    @Timeout(30)
    void theStreamOfAClosedClientIsNotMadeAgain() throws ExtractionException {
        service.follow(Plan.drainingAfter(3));
        ExtractionClient client = client(service, TIMEOUT);
        StreamSettings patient = READY.withPatience(Duration.ofHours(1));

        try (var stream =
                client.extractAll(new Counted(Integer.MAX_VALUE), LABELS, ExtractionOptions.DEFAULTS, patient)) {
            for (int text = 0; text < 3; text++) {
                stream.next();
            }
            client.close();
            ExtractionException failure = catchThrowableOfType(ExtractionException.class, stream::hasNext);

            assertThat(failure.reason()).isEqualTo(ErrorReason.ERROR_REASON_DRAINING);
        }
    }

    @Test
    void anOldServerIsSaidToBeOld() throws ExtractionException {
        try (var stream = client(new FakeNerService(), TIMEOUT)
                .extractAll(texts(3).iterator(), LABELS, ExtractionOptions.DEFAULTS, READY)) {
            ExtractionException failure = catchThrowableOfType(ExtractionException.class, stream::next);

            assertThat(failure.code()).isEqualTo(Status.Code.UNIMPLEMENTED);
            assertThat(failure)
                    .hasMessageContaining("older than this client")
                    .hasMessageContaining("nuner.v1.NerService/ExtractStream");
        }
    }

    private static ExtractionException refusal(TextOutcome outcome) {
        return ((Outcome.Refused) outcome.outcome()).reason();
    }

    /** Texts that are counted when they are read. */
    private static final class Counted implements Iterator<String> {
        private final int count;
        private int read;

        private Counted(int count) {
            this.count = count;
        }

        @Override
        public boolean hasNext() {
            return read < count;
        }

        @Override
        public String next() {
            read++;
            return "text " + read;
        }
    }
}
