package io.nuner.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Any;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import io.nuner.v1.ErrorReason;
import io.nuner.v1.ExtractDocumentRequest;
import io.nuner.v1.ExtractDocumentResponse;
import io.nuner.v1.NerServiceGrpc;
import io.nuner.v1.OffsetUnit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DocumentTest {
    private static final Labels LABELS = Labels.of("person");
    private static final Duration AMPLE = Duration.ofSeconds(30);

    private final List<InProcess> opened = new ArrayList<>();

    private AnswerStream<DocumentPart> document(FakeDocumentService service, String text) {
        InProcess process = new InProcess(service, AMPLE);
        opened.add(process);
        return process.client().extractDocument(text, LABELS, ExtractionOptions.DEFAULTS, AMPLE);
    }

    @AfterEach
    void close() {
        opened.forEach(InProcess::close);
    }

    @Test
    void partsComeInOrderAndTheLastSaysWhatWasProcessed() throws ExtractionException {
        List<DocumentPart> all = all(document(FakeDocumentService.whole(), "Ada Lovelace and Bob"));

        assertThat(all)
                .flatExtracting(DocumentPart::entities)
                .containsExactly(
                        new Entity(0, 10, "Ada Lovela", "person", 0.75f),
                        new Entity(10, 20, "ce and Bob", "person", 0.75f));
        assertThat(all).extracting(DocumentPart::safeUntil).containsExactly(10, 20, 20);
        assertThat(all).extracting(DocumentPart::isLast).containsExactly(false, false, true);
        assertThat(all.get(2).usage().getWords()).isEqualTo(2);
    }

    @Test
    void theRequestIsThatOfASingleText() throws ExtractionException {
        FakeDocumentService service = FakeDocumentService.whole();

        try (var parts = document(service, "Ada")) {
            assertThat(parts.next().isLast()).isTrue();
            assertThat(parts.hasNext()).isFalse();
            assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(parts::next);
        }

        var sent = service.request().getRequest();
        assertThat(sent.getText()).isEqualTo("Ada");
        assertThat(sent.getLabelsList()).containsExactly("person");
        assertThat(sent.getOptions().getOffsetUnit()).isEqualTo(OffsetUnit.OFFSET_UNIT_UTF16_UNIT);
    }

    @Test
    void aReaderThatStopsMakesTheServerWait() throws ExtractionException {
        FakeDocumentService service = FakeDocumentService.whole();

        try (var parts = document(service, "x".repeat(100_000))) {
            for (int part = 1; part <= 50; part++) {
                parts.next();
                assertThat(service.sent()).isBetween(part, part + 2);
            }
        }
    }

    /** Stopped once or twice, anywhere, also before the first part and before the last. */
    @Test
    void aServerThatStopsLosesNothingAndDoublesNothing() throws ExtractionException {
        String text = "0123456789abcdefghijABCDEFGHIJ0123456789";
        for (int ahead = 0; ahead <= 2; ahead++) {
            List<DocumentPart> whole = all(document(FakeDocumentService.whole().givingAhead(ahead), text));
            for (int first = 0; first <= 4; first++) {
                for (int second = 0; second <= 4; second++) {
                    FakeDocumentService service =
                            FakeDocumentService.failingAfter(List.of(first, second), draining("0"));

                    List<DocumentPart> parts = all(document(service.givingAhead(ahead), text));

                    String reason = first + " and " + second + " parts, " + ahead + " ahead";
                    assertThat(parts).as(reason).isEqualTo(whole);
                    assertThat(service.calls()).as(reason).isEqualTo(3);
                }
            }
        }
    }

    private static List<DocumentPart> all(AnswerStream<DocumentPart> parts) throws ExtractionException {
        List<DocumentPart> all = new ArrayList<>();
        try (parts) {
            while (parts.hasNext()) {
                all.add(parts.next());
            }
        }
        return all;
    }

    /** A server whose drain is over cancels what is left. */
    @Test
    void aBrokenConnectionIsNoEndOfADocumentThatHasBegun() throws ExtractionException {
        for (Status end : List.of(Status.UNAVAILABLE, Status.CANCELLED)) {
            FakeDocumentService service = FakeDocumentService.failingAfter(List.of(1), end.asRuntimeException());

            assertThat(all(document(service, "x".repeat(40)))).hasSize(5);
            assertThat(service.calls()).isEqualTo(2);
        }
    }

    /** As while a single server is started again; the channel makes each call three times. */
    @Test
    void aServerThatIsAwayForAWhileIsWaitedFor() throws ExtractionException {
        FakeDocumentService service =
                FakeDocumentService.failingAfter(List.of(2, 0, 0, 0, 0, 0, 0), Status.UNAVAILABLE.asRuntimeException());

        assertThat(all(document(service, "x".repeat(40)))).hasSize(5);
    }

    @Test
    void aFailureOfTheTextIsFinal() throws ExtractionException {
        FakeDocumentService service =
                FakeDocumentService.failingAfter(List.of(1), Status.INTERNAL.asRuntimeException());

        try (var parts = document(service, "x".repeat(40))) {
            parts.next();
            ExtractionException failure = catchThrowableOfType(ExtractionException.class, parts::hasNext);

            assertThat(failure.code()).isEqualTo(Status.Code.INTERNAL);
        }
        assertThat(service.calls()).isEqualTo(1);
    }

    @Test
    void whatIsSaidAboutTryingAgainIsBoundedByTheDeadline() throws ExtractionException {
        FakeDocumentService service = FakeDocumentService.failingAfter(List.of(1), overloaded(40));

        try (var parts = document(service, "x".repeat(40))) {
            parts.next();
            ExtractionException failure = catchThrowableOfType(ExtractionException.class, parts::hasNext);

            assertThat(failure.retryAfter()).contains(Duration.ofSeconds(40));
        }
        assertThat(service.calls()).isEqualTo(1);
        assertThat(all(document(FakeDocumentService.failingAfter(List.of(1), overloaded(0)), "x".repeat(40))))
                .hasSize(5);
    }

    @Test
    void whatCameBeforeAFailureStaysValid() throws ExtractionException {
        FakeDocumentService service = FakeDocumentService.failingAfter(2, draining("20"));

        try (var parts = document(service, "x".repeat(100))) {
            parts.next();
            DocumentPart second = parts.next();
            ExtractionException failure = catchThrowableOfType(ExtractionException.class, parts::hasNext);

            assertThat(second.safeUntil()).isEqualTo(20);
            assertThat(second.isLast()).isFalse();
            assertThat(failure.reason()).isEqualTo(ErrorReason.ERROR_REASON_DRAINING);
            assertThat(failure.metadata()).containsEntry("safe_until", "20");
            assertThat(catchThrowableOfType(ExtractionException.class, parts::next))
                    .isSameAs(failure);
        }
        assertThat(service.calls()).isEqualTo(3);
    }

    @Test
    void aDocumentWithoutItsLastPartIsNotWhole() throws ExtractionException {
        try (var parts = document(FakeDocumentService.breakingOffAfter(1), "x".repeat(100))) {
            parts.next();

            assertThatExceptionOfType(ExtractionException.class)
                    .isThrownBy(parts::hasNext)
                    .withMessage("the server ended the document before its last part");
        }
    }

    @Test
    void closingEarlyStopsTheServer() throws Exception {
        FakeDocumentService service = FakeDocumentService.whole();

        var parts = document(service, "x".repeat(100_000));
        parts.next();
        parts.close();

        assertThat(service.cancelled().await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(parts.hasNext()).isFalse();
    }

    @Test
    void aDocumentHasADeadlineOfItsOwn() {
        NerServiceGrpc.NerServiceImplBase silent = new NerServiceGrpc.NerServiceImplBase() {
            @Override
            public void extractDocument(
                    ExtractDocumentRequest request, StreamObserver<ExtractDocumentResponse> observer) {
                // never answers
            }
        };
        try (InProcess process = new InProcess(silent, AMPLE);
                var parts = process.client()
                        .extractDocument("Ada", LABELS, ExtractionOptions.DEFAULTS, Duration.ofMillis(100))) {
            ExtractionException failure = catchThrowableOfType(ExtractionException.class, parts::hasNext);

            assertThat(failure.code()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        }
    }

    @Test
    void anInterruptedReaderGivesUp() throws Exception {
        FakeDocumentService service = FakeDocumentService.whole();

        try (var parts = document(service, "x".repeat(100_000))) {
            parts.next();
            Thread.currentThread().interrupt();
            ExtractionException failure = catchThrowableOfType(ExtractionException.class, () -> drain(parts));

            assertThat(Thread.interrupted()).isTrue();
            assertThat(failure.code()).isEqualTo(Status.Code.CANCELLED);
            assertThat(service.cancelled().await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void anOldServerIsSaidToBeOld() {
        try (InProcess process = new InProcess(new FakeNerService(), AMPLE);
                var parts = process.client().extractDocument("Ada", LABELS, ExtractionOptions.DEFAULTS, AMPLE)) {
            ExtractionException failure = catchThrowableOfType(ExtractionException.class, parts::next);

            assertThat(failure.code()).isEqualTo(Status.Code.UNIMPLEMENTED);
            assertThat(failure)
                    .hasMessageContaining("older than this client")
                    .hasMessageContaining("nuner.v1.NerService/ExtractDocument");
        }
    }

    private static void drain(AnswerStream<DocumentPart> parts) throws ExtractionException {
        while (parts.hasNext()) {
            parts.next();
        }
    }

    private static StatusRuntimeException draining(String safeUntil) {
        return StatusProto.toStatusRuntimeException(com.google.rpc.Status.newBuilder()
                .setCode(Status.Code.UNAVAILABLE.value())
                .addDetails(Any.pack(ErrorInfo.newBuilder()
                        .setDomain("nuner.v1")
                        .setReason("DRAINING")
                        .putMetadata("safe_until", safeUntil)
                        .build()))
                .build());
    }

    private static StatusRuntimeException overloaded(long seconds) {
        return StatusProto.toStatusRuntimeException(com.google.rpc.Status.newBuilder()
                .setCode(Status.Code.RESOURCE_EXHAUSTED.value())
                .addDetails(Any.pack(RetryInfo.newBuilder()
                        .setRetryDelay(com.google.protobuf.Duration.newBuilder().setSeconds(seconds))
                        .build()))
                .build());
    }
}
